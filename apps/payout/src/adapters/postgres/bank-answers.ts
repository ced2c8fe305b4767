import type { EntityManager } from 'typeorm';
import type { PostgresAuditTrail } from '@stuiver/audit';
import { Refusal } from '@stuiver/errors';
import { newId } from '@stuiver/ids';
import type { AuditEntry, KeyStore, Random } from '@stuiver/ports';
import type { Database } from '@stuiver/postgres';
import { meaningOf } from '../../domain/bank-says.js';
import { nextPayoutState } from '../../domain/payout-states.js';
import type {
  AnswerRead,
  AnswersRead,
  AnswerStore,
  KeptAnswer,
} from '../../use-cases/import-bank-answer.js';
import type { Intent, MoneyOfPayout } from '../../use-cases/recon-ports.js';
import { insertBankFile } from './bank-files.js';
import { moneyOf, type PayoutRow, recordIntents } from './recorded-commands.js';

interface AnswerRow {
  readonly payout_id: string;
  readonly end_to_end_id: string;
  readonly status: string;
  readonly reason_code: string | null;
  readonly problem: string | null;
}

interface AskedRow extends PayoutRow {
  readonly end_to_end_id: string;
  /** What is on its way to become of it. */
  readonly to_state: string | null;
}

/** What the bank said about our files. */
export class PostgresBankAnswers implements AnswerStore {
  constructor(
    private readonly database: Database,
    private readonly tools: {
      keys: Pick<KeyStore, 'seal'>;
      random: Random;
      trail: PostgresAuditTrail;
    },
  ) {}

  async ofFile(sha256: string): Promise<readonly KeptAnswer[]> {
    const rows = await this.database.query<AnswerRow>(
      `select a.payout_id, p.end_to_end_id, a.status, a.reason_code, a.problem
       from payout.bank_answer a join payout.payout p on p.id = a.payout_id
       where a.file_sha256 = $1 order by a.payout_id`,
      [sha256],
    );
    return rows.map((row) => ({
      ...{ payoutId: row.payout_id, endToEndId: row.end_to_end_id, status: row.status },
      ...{ reasonCode: row.reason_code, problem: row.problem },
    }));
  }

  async importFile(
    file: { sha256: string; content: Uint8Array; by: string; at: Date },
    answers: AnswersRead,
    rejectionOf: (payout: MoneyOfPayout, code: string) => Intent,
  ): Promise<void> {
    const sealed = await this.tools.keys.seal(`bank-file:${file.sha256}`, file.content);
    await this.database.run(async (tx) => {
      if (!(await insertBankFile(tx, file, sealed))) return;
      const payouts = await lockPayouts(tx, answers.originalMessageId);
      const said = saidOfEach(payouts, answers);
      for (const payout of payouts) {
        const answer = said.get(payout.end_to_end_id) ?? answers.group;
        if (answer === null) continue;
        const isRejected = meaningOf(answer.status) === 'rejected';
        const problem = isRejected ? contradictionIn(payout) : null;
        await this.insert(tx, { payout, answer, problem, file, saidAt: answers.createdAt });
        if (!isRejected || problem !== null || isRejectedAlready(payout)) continue;
        const intent = rejectionOf(moneyOf(payout), answer.reasonCode ?? '');
        await recordIntents(tx, [intent], file.at);
      }
      await this.tools.trail.append(tx, importedEntry(file.sha256, answers));
    });
  }

  private async insert(
    tx: EntityManager,
    row: {
      payout: AskedRow;
      answer: AnswerRead;
      problem: string | null;
      file: { sha256: string; at: Date };
      saidAt: Date;
    },
  ): Promise<void> {
    const { payout, answer, problem, file, saidAt } = row;
    await tx.query(
      `insert into payout.bank_answer (id, file_sha256, payout_id, status, reason_code, problem, said_at, imported_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [
        ...[newId('BankAnswer', file.at, this.tools.random), file.sha256, payout.id],
        ...[answer.status, answer.reasonCode, problem, saidAt, file.at],
      ],
    );
  }
}

/** Which batch is answered is the file's word for it, found among ours by then. */
function importedEntry(sha256: string, answers: AnswersRead): AuditEntry {
  const after = { messageId: answers.originalMessageId, payments: answers.payments.length };
  return { act: 'bank-answer-imported', subject: { kind: 'bank-file', id: sha256 }, after };
}

/** A file's message id is its batch's id, with the one character that banks do not take replaced. */
async function lockPayouts(tx: EntityManager, messageId: string): Promise<readonly AskedRow[]> {
  const payouts = await tx.query<AskedRow[]>(
    `select p.id, p.batch_id, p.merchant_id, p.state, p.amount_minor, p.currency, p.end_to_end_id,
       (select c.to_state from payout.recorded_command c where c.payout_id = p.id order by c.seq desc limit 1) as to_state
     from payout.payout p where replace(p.batch_id, '_', '-') = $1 order by p.id for update of p`,
    [messageId],
  );
  if (payouts.length > 0) return payouts;
  throw new Refusal('PARAM_ERROR', {
    field: 'CstmrPmtStsRpt/OrgnlGrpInfAndSts/OrgnlMsgId',
    rule: 'must be the id of a payment file of ours',
  });
}

function saidOfEach(
  payouts: readonly AskedRow[],
  { payments }: AnswersRead,
): ReadonlyMap<string, AnswerRead> {
  const ours = new Set(payouts.map(({ end_to_end_id: id }) => id));
  const said = new Map<string, AnswerRead>();
  for (const { endToEndId, ...answer } of payments) {
    if (!ours.has(endToEndId)) {
      const rule = `must be a payment of that file: ${endToEndId.slice(0, 40)}`;
      throw new Refusal('PARAM_ERROR', { field: 'TxInfAndSts/OrgnlEndToEndId', rule });
    }
    said.set(endToEndId, answer);
  }
  return said;
}

function isRejectedAlready({ state, to_state: toState }: AskedRow): boolean {
  return state === 'rejected' || toState === 'rejected';
}

/** Why the bank cannot have rejected it. */
function contradictionIn({ state, to_state: toState }: AskedRow): string | null {
  if (toState === 'settled' || toState === 'returned')
    return 'the bank’s statement shows it as paid';
  return nextPayoutState(state, 'rejected') === 'refused' ? `the payout is ${state}` : null;
}
