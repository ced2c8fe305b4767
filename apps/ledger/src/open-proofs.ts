import type { LedgerReceipts } from '@stuiver/contracts';
import type { Clock, Log } from '@stuiver/ports';
import type { Database } from '@stuiver/postgres';
import { PostgresCheckpoints } from './adapters/postgres/postgres-checkpoints.js';
import { PostgresReceiptRows } from './adapters/postgres/postgres-receipt-rows.js';
import { KeepCheckpoints } from './use-cases/keep-checkpoints.js';
import { type CheckpointKeys, MakeCheckpoint } from './use-cases/make-checkpoint.js';
import { MakeReceipt } from './use-cases/make-receipt.js';

/** What shows others that a booking is there and stays. */
export interface Proofs {
  readonly keys: CheckpointKeys;
  readonly makeCheckpoint: MakeCheckpoint;
  readonly makeReceipt: MakeReceipt;
  readonly keepCheckpoints: KeepCheckpoints;
  /** For the other services. */
  readonly receipts: LedgerReceipts;
}

export function openProofs(options: {
  readonly database: Database;
  readonly keys: CheckpointKeys;
  readonly clock: Clock;
  readonly log: Log;
}): Proofs {
  const { database, keys } = options;
  const checkpoints = new PostgresCheckpoints(database);
  const makeCheckpoint = new MakeCheckpoint(checkpoints, keys);
  const makeReceipt = new MakeReceipt(
    new PostgresReceiptRows(database),
    checkpoints,
    makeCheckpoint,
  );
  return {
    keys,
    makeCheckpoint,
    makeReceipt,
    receipts: { receipt: (id, reader) => makeReceipt.run({ id }, reader) },
    keepCheckpoints: new KeepCheckpoints({ ...options, checkpoints, makeCheckpoint }),
  };
}
