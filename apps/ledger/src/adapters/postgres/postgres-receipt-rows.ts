import type { Database } from '@stuiver/postgres';
import { invariant } from '@stuiver/errors';
import type { AccountRow, BatchRow, CommandRow, TransferRow } from '../../domain/audit/rows.js';
import type { ReceiptRows, SealedCommand } from '../../use-cases/make-receipt.js';
import {
  ACCOUNTS_OF_SQL,
  BATCHES_BETWEEN_SQL,
  COMMAND_BY_ID_SQL,
  COMMAND_BY_SEQ_SQL,
  TRANSFERS_SQL,
} from './audit-sql.js';
import { type FoundBatch, toBatchRow } from './found-batch.js';

/** Nothing of it ever changes, so it need not be read in one glance. */
export class PostgresReceiptRows implements ReceiptRows {
  constructor(private readonly database: Database) {}

  async sealedCommand(which: { id: string } | { seq: string }): Promise<SealedCommand | undefined> {
    const [command] = await ('id' in which
      ? this.database.query<CommandRow>(COMMAND_BY_ID_SQL, [which.id])
      : this.database.query<CommandRow>(COMMAND_BY_SEQ_SQL, [which.seq]));
    if (command === undefined) return undefined;
    const no = BigInt(command.batch);
    const [batch] = await this.batchesBetween(no - 1n, no);
    invariant(batch !== undefined, 'a command is of a batch');
    const first = BigInt(command.firstSeq);
    const last = first + BigInt(command.transferCount) - 1n;
    const range = [first.toString(), last.toString()];
    const transfers = await this.database.query<TransferRow>(TRANSFERS_SQL, range);
    const ids = transfers.flatMap(({ debit, credit }) => [debit, credit]);
    const accounts = await this.database.query<AccountRow>(ACCOUNTS_OF_SQL, [ids]);
    const [before] = await this.database.query<{ hash: string | null }>(
      `select encode(ledger.hash_before($1), 'hex') as hash`,
      [command.batch],
    );
    return {
      content: { batch, commands: [command], transfers, next: null },
      previous: before?.hash ?? '',
      accounts: new Map(accounts.map((account) => [account.id, account])),
    };
  }

  async batchesBetween(after: bigint, to: bigint): Promise<readonly BatchRow[]> {
    const range = [after.toString(), to.toString()];
    return (await this.database.query<FoundBatch>(BATCHES_BETWEEN_SQL, range)).map(toBatchRow);
  }
}
