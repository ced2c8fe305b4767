import type { Provider, Type } from '@nestjs/common';
import {
  CHECKPOINT_KEYS,
  CheckpointKeysController,
  ProofsController,
} from './adapters/http/proofs.controller.js';
import { LEDGER_RECEIPTS, ReceiptsController } from './adapters/http/receipts.controller.js';
import type { Proofs } from './open-proofs.js';
import { MakeCheckpoint } from './use-cases/make-checkpoint.js';
import { MakeReceipt } from './use-cases/make-receipt.js';

export const PROOF_CONTROLLERS: readonly Type[] = [ProofsController, CheckpointKeysController];

/** For other processes. */
export const RECEIPT_CONTROLLERS: readonly Type[] = [ReceiptsController];

export function proofProviders({
  keys,
  makeCheckpoint,
  makeReceipt,
  receipts,
}: Proofs): Provider[] {
  return [
    { provide: CHECKPOINT_KEYS, useValue: keys },
    { provide: MakeCheckpoint, useValue: makeCheckpoint },
    { provide: MakeReceipt, useValue: makeReceipt },
    { provide: LEDGER_RECEIPTS, useValue: receipts },
  ];
}
