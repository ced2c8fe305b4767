import type { Provider, Type } from '@nestjs/common';
import {
  CHECKPOINT_KEYS,
  CheckpointKeysController,
  ProofsController,
} from './adapters/http/proofs.controller.js';
import type { Proofs } from './open-proofs.js';
import { MakeCheckpoint } from './use-cases/make-checkpoint.js';
import { MakeReceipt } from './use-cases/make-receipt.js';

export const PROOF_CONTROLLERS: readonly Type[] = [ProofsController, CheckpointKeysController];

export function proofProviders({ keys, makeCheckpoint, makeReceipt }: Proofs): Provider[] {
  return [
    { provide: CHECKPOINT_KEYS, useValue: keys },
    { provide: MakeCheckpoint, useValue: makeCheckpoint },
    { provide: MakeReceipt, useValue: makeReceipt },
  ];
}
