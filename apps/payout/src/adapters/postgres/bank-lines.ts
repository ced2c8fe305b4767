import type { EntityManager } from 'typeorm';
import type { PostgresAuditTrail } from '@stuiver/audit';
import { errorCode } from '@stuiver/errors';
import { Money } from '@stuiver/money';
import type { AuditEntry } from '@stuiver/ports';
import type { Database } from '@stuiver/postgres';
import type { BankLine, Candidates, KnownPayout, KnownPspPayout } from '../../domain/bank-line.js';
import type { Match } from '../../domain/matching-rules.js';
import type { PayoutState } from '../../domain/payout-states.js';
import type { Intent, LineStore, LineToMatch, MoneyOfPayout } from '../../use-cases/recon-ports.js';
import type { PostgresStatements } from './bank-statements.js';
import { recordIntents } from './recorded-commands.js';

export interface LineRow {
  readonly id: string;
  readonly statement_id: string;
  readonly kind: BankLine['kind'];
  readonly amount_minor: string;
  readonly booked_day: string;
  readonly end_to_end_id: string | null;
  readonly payment_information_id: string | null;
  readonly transaction_count: number | null;
  readonly return_reason: string | null;
  readonly details_sealed: Buffer;
  readonly state: 'new' | 'open' | 'matched';
  readonly problem: string | null;
  readonly round: number;
}

interface KnownRow {
  readonly id: string;
  readonly state: PayoutState;
  readonly amount_minor: string;
  readonly taken: readonly string[];
}

interface PspPayoutRow {
  readonly id: string;
  readonly amount_minor: string;
  readonly has_arrived: boolean;
  readonly is_taken_back: boolean;
  readonly has_failed: boolean;
}

export const LINE_COLUMNS = `l.id, l.statement_id, l.kind, l.amount_minor, l.booked_on::text as booked_day, l.end_to_end_id,
  l.payment_information_id, l.transaction_count, l.return_reason, l.details_sealed, l.state, l.problem,
  (select count(*)::int from payout.past_match a where a.bank_line_id = l.id) as round`;
const KNOWN = `select p.id, p.state, p.amount_minor,
    array(select c.to_state from payout.recorded_command c where c.payout_id = p.id) as taken
  from payout.payout p`;
const PSP_PAYOUT = `select y.id, y.amount_minor, y.failed_by is not null as has_failed,
    exists (select 1 from payout.bank_match m where m.psp_payout_id = y.id) as has_arrived,
    exists (select 1 from payout.bank_match m where m.psp_payout_id = y.id and m.taken_back) as is_taken_back
  from payout.psp_payout y`;
/** A PSP payout's id as a bank's text may carry it: EPC identifiers know no underscore. */
const PSP_PAYOUT_ID = /\bpo[_-]?[0-9a-z]{4,64}/gi;
const UNIQUE_VIOLATION = '23505';

export class PostgresLines implements LineStore {
  constructor(
    private readonly database: Database,
    private readonly statements: PostgresStatements,
    private readonly trail: PostgresAuditTrail,
  ) {}

  async toMatch(page: {
    again: boolean;
    after: string | null;
    limit: number;
  }): Promise<readonly LineToMatch[]> {
    const rows = await this.database.query<LineRow>(
      `select ${LINE_COLUMNS} from payout.bank_line l join payout.bank_statement s on s.id = l.statement_id
       where l.state = any($1) and not exists (select 1 from payout.past_match a where a.bank_line_id = l.id)
         and ($2::text is null or (s.to_day, l.no) >
         (select s2.to_day, l2.no from payout.bank_line l2 join payout.bank_statement s2 on s2.id = l2.statement_id where l2.id = $2))
       order by s.to_day, l.no limit $3`,
      [page.again ? ['new', 'open'] : ['new'], page.after, page.limit],
    );
    return Promise.all(rows.map((row) => this.toLine(row)));
  }

  async find(id: string): Promise<LineToMatch | undefined> {
    const [row] = await this.database.query<LineRow>(
      `select ${LINE_COLUMNS} from payout.bank_line l where l.id = $1`,
      [id],
    );
    return row === undefined ? undefined : this.toLine(row);
  }

  async candidatesOf(line: BankLine): Promise<Candidates> {
    const { endToEndId, paymentInformationId } = line;
    const text = `${endToEndId ?? ''} ${line.remittance ?? ''}`;
    return {
      payout:
        endToEndId === null ? null : await this.payout('where p.end_to_end_id = $1', endToEndId),
      batch: paymentInformationId === null ? null : await this.batch(paymentInformationId),
      pspPayouts: await this.pspPayouts((text.match(PSP_PAYOUT_ID) ?? []).map(folded)),
    };
  }

  async named(name: { payoutId?: string; pspPayoutId?: string }): Promise<Candidates> {
    const { payoutId, pspPayoutId } = name;
    return {
      payout: payoutId === undefined ? null : await this.payout('where p.id = $1', payoutId),
      batch: null,
      pspPayouts: pspPayoutId === undefined ? [] : await this.pspPayouts([folded(pspPayoutId)]),
    };
  }

  async moneyOf(payoutIds: readonly string[]): Promise<readonly MoneyOfPayout[]> {
    if (payoutIds.length === 0) return [];
    const rows = await this.database.query<{
      id: string;
      merchant_id: string;
      amount_minor: string;
    }>('select id, merchant_id, amount_minor from payout.payout where id = any($1) order by id', [
      payoutIds,
    ]);
    return rows.map((row) => ({
      id: row.id,
      merchantId: row.merchant_id,
      amount: euros(row.amount_minor),
    }));
  }

  async saveMatch(save: {
    lineId: string;
    match: Match;
    person: string | null;
    intents: readonly Intent[];
    placed: Intent;
    at: Date;
  }): Promise<boolean> {
    const { lineId, match, person, intents, placed, at } = save;
    return this.database
      .run(async (tx) => {
        if ((await lockState(tx, lineId)) === 'matched') return false;
        await insertMatch(tx, save);
        const before = await tx.query<unknown[]>(
          'select 1 from payout.recorded_command where bank_line_id = $1',
          [lineId],
        );
        await recordIntents(tx, before.length === 0 ? intents : [placed, ...intents], at);
        await tx.query(
          `update payout.bank_line set state = 'matched', problem = null where id = $1`,
          [lineId],
        );
        if (person !== null) await this.trail.append(tx, placedEntry(lineId, match));
        return true;
      })
      .catch((error: unknown) => {
        // Another line took the payout in the meantime: the next look says so.
        if (errorCode(error) === UNIQUE_VIOLATION) return false;
        throw error;
      });
  }

  async saveOpen(lineId: string, problem: string, unplaced: Intent, at: Date): Promise<void> {
    await this.database.run(async (tx) => {
      const state = await lockState(tx, lineId);
      if (state === 'matched') return;
      if (state === 'new') await recordIntents(tx, [unplaced], at);
      await tx.query(`update payout.bank_line set state = 'open', problem = $2 where id = $1`, [
        lineId,
        problem,
      ]);
    });
  }

  private async payout(where: string, value: string): Promise<KnownPayout | null> {
    const [row] = await this.database.query<KnownRow>(`${KNOWN} ${where}`, [value]);
    return row === undefined ? null : toKnown(row);
  }

  /** Our file's PmtInfId is the batch's id, with a hyphen. */
  private async batch(paymentInformationId: string): Promise<readonly KnownPayout[] | null> {
    const rows = await this.database.query<KnownRow>(`${KNOWN} where p.batch_id = $1`, [
      paymentInformationId.replace('-', '_'),
    ]);
    return rows.length === 0 ? null : rows.map(toKnown);
  }

  private async pspPayouts(idsFolded: readonly string[]): Promise<readonly KnownPspPayout[]> {
    if (idsFolded.length === 0) return [];
    const rows = await this.database.query<PspPayoutRow>(
      `${PSP_PAYOUT} where y.id_folded = any($1) order by y.id`,
      [idsFolded],
    );
    return rows.map((row) => ({
      id: row.id,
      amount: euros(row.amount_minor),
      hasArrived: row.has_arrived,
      isTakenBack: row.is_taken_back,
      hasFailed: row.has_failed,
    }));
  }

  private async toLine(row: LineRow): Promise<LineToMatch> {
    const { remittance } = await this.statements.open(row.id, row.details_sealed);
    return {
      id: row.id,
      statementId: row.statement_id,
      kind: row.kind,
      amount: euros(row.amount_minor),
      bookedOn: row.booked_day,
      endToEndId: row.end_to_end_id,
      paymentInformationId: row.payment_information_id,
      transactionCount: row.transaction_count,
      returnReason: row.return_reason,
      remittance,
      isNew: row.state === 'new',
      isMatched: row.state === 'matched',
      round: row.round,
      problem: row.problem,
    };
  }
}

async function insertMatch(
  tx: EntityManager,
  save: { lineId: string; match: Match; person: string | null; at: Date },
): Promise<void> {
  const { lineId, match, person, at } = save;
  const { placement, rule, version, explanation } = match;
  const pspPayoutId = 'pspPayoutId' in placement ? placement.pspPayoutId : null;
  await tx.query(
    `insert into payout.bank_match (bank_line_id, rule, rule_version, explanation, person, psp_payout_id, taken_back, matched_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      ...[lineId, rule, version, explanation, person, pspPayoutId],
      ...[placement.kind === 'taken-back', at],
    ],
  );
}

async function lockState(tx: EntityManager, lineId: string): Promise<string | undefined> {
  const [row] = await tx.query<{ state: string }[]>(
    'select state from payout.bank_line where id = $1 for update',
    [lineId],
  );
  return row?.state;
}

export function folded(id: string): string {
  return id.replaceAll(/[^0-9A-Za-z]/g, '').toLowerCase();
}

function toKnown(row: KnownRow): KnownPayout {
  const is = (state: string): boolean => row.taken.includes(state);
  return {
    id: row.id,
    state: row.state,
    amount: euros(row.amount_minor),
    taken: { settled: is('settled'), rejected: is('rejected'), returned: is('returned') },
  };
}

function euros(minor: string): Money {
  return Money.ofMinor(BigInt(minor), 'EUR');
}

function placedEntry(lineId: string, { placement, explanation }: Match): AuditEntry {
  const subject = { kind: 'bank-line', id: lineId } as const;
  return { act: 'bank-line-placed', subject, after: { ...placement }, reason: explanation };
}
