import type { EntityManager } from 'typeorm';
import type { PostgresAuditTrail } from '@stuiver/audit';
import { Refusal } from '@stuiver/errors';
import type { Database } from '@stuiver/postgres';
import type { UndoneMatch } from '../../use-cases/recon-ports.js';
import type { MatchHistory } from '../../use-cases/unmatch-bank-line.js';
import { recordIntents } from './recorded-commands.js';

interface MatchRow {
  readonly rule: string;
  readonly psp_payout_id: string | null;
  readonly taken_back: boolean;
  readonly went_back: boolean;
  readonly round: number;
}

const MATCH = `select m.rule, m.psp_payout_id, m.taken_back,
    not m.taken_back and exists (select 1 from payout.bank_match b
      where b.psp_payout_id = m.psp_payout_id and b.taken_back) as went_back,
    (select count(*)::int from payout.past_match p where p.bank_line_id = m.bank_line_id) as round
  from payout.bank_match m where m.bank_line_id = $1`;

/** Matches that people took back. */
export class PostgresMatchHistory implements MatchHistory {
  constructor(
    private readonly database: Database,
    private readonly trail: PostgresAuditTrail,
  ) {}

  takeBack(undo: Parameters<MatchHistory['takeBack']>[0]): Promise<void> {
    const { lineId, by, reason, at, round } = undo;
    return this.database.run(async (tx) => {
      await tx.query('select 1 from payout.bank_line where id = $1 for update', [lineId]);
      const match = await matchOf(tx, lineId, round);
      await tx.query(
        `insert into payout.past_match (bank_line_id, unmatched_at, by_id, by_name, reason)
         values ($1, $2, $3, $4, $5)`,
        [lineId, at, by.id, by.name, reason],
      );
      await tx.query('delete from payout.bank_match where bank_line_id = $1', [lineId]);
      await tx.query(`update payout.bank_line set state = 'open', problem = $2 where id = $1`, [
        lineId,
        `a person took its match back: ${reason}`,
      ]);
      await recordIntents(tx, undo.intents(match), at);
      await this.trail.append(tx, {
        act: 'bank-line-unmatched',
        subject: { kind: 'bank-line', id: lineId },
        before: { rule: match.rule, pspPayoutId: match.pspPayoutId },
        reason,
      });
    });
  }
}

async function matchOf(
  tx: EntityManager,
  lineId: string,
  round: number,
): Promise<UndoneMatch & { rule: string }> {
  const [row] = await tx.query<MatchRow[]>(MATCH, [lineId]);
  if (row === undefined || row.round !== round) {
    throw new Refusal('STATE_CONFLICT', { rule: 'the line is not matched', why: 'not-matched' });
  }
  const { psp_payout_id: pspPayoutId, taken_back: isTakenBack, rule } = row;
  if (rule === 'written-off') {
    const why = 'written-off-stays';
    throw new Refusal('STATE_CONFLICT', { rule: 'two people agreed to write it off', why });
  }
  if (pspPayoutId === null) {
    const rule = 'it paid a merchant, or came back from one, who was told so';
    throw new Refusal('STATE_CONFLICT', { rule, why: 'merchant-was-told' });
  }
  if (row.went_back) {
    const rule = 'the bank took the same payout back since: take that match back first';
    throw new Refusal('STATE_CONFLICT', { rule, why: 'went-back-since' });
  }
  return { rule, pspPayoutId, isTakenBack };
}
