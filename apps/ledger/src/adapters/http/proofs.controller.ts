import { Controller, Get, HttpCode, Inject, Param, Post, UseGuards } from '@nestjs/common';
import { Refusal } from '@stuiver/errors';
import { OperatorGuard, validText } from '@stuiver/http';
import type { Receipt } from '@stuiver/proof';
import type { SignedCheckpoint } from '../../use-cases/checkpoints.js';
import { type CheckpointKeys, MakeCheckpoint } from '../../use-cases/make-checkpoint.js';
import { MakeReceipt } from '../../use-cases/make-receipt.js';

export const CHECKPOINT_KEYS = Symbol('CHECKPOINT_KEYS');

const COMMAND_OR_SEQ = /^([0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|[1-9]\d{0,17})$/;

/** `POST /operator/ledger/checkpoints`, `GET /operator/ledger/receipts/{command id or transfer number}` */
@Controller('operator/ledger')
@UseGuards(OperatorGuard)
export class ProofsController {
  constructor(
    @Inject(MakeCheckpoint) private readonly makeCheckpoint: MakeCheckpoint,
    @Inject(MakeReceipt) private readonly makeReceipt: MakeReceipt,
  ) {}

  @Post('checkpoints')
  @HttpCode(200)
  async checkpoint(): Promise<SignedCheckpoint> {
    const made = await this.makeCheckpoint.run();
    if (made === undefined) throw new Refusal('NOT_FOUND', { field: 'batch', value: '1' });
    return made;
  }

  @Get('receipts/:which')
  receipt(@Param('which') text: string): Promise<Receipt> {
    const says = 'must be a command’s UUID or the number of a transfer';
    const which = validText(text, {
      ...{ field: 'which', pattern: COMMAND_OR_SEQ, says, location: 'path' },
    });
    const is = which.includes('-') ? { id: which.toLowerCase() } : { seq: which };
    return this.makeReceipt.run(is, 'operator');
  }
}

/** `GET /ledger/keys`: public keys that receipts are checked with. Open to everybody. */
@Controller('ledger/keys')
export class CheckpointKeysController {
  constructor(@Inject(CHECKPOINT_KEYS) private readonly keys: CheckpointKeys) {}

  @Get()
  async list(): Promise<{ keys: { keyId: string; algorithm: string; publicKeyPem: string }[] }> {
    const key = await this.keys.checkpointKey();
    return { keys: [{ ...key, algorithm: 'Ed25519' }] };
  }
}
