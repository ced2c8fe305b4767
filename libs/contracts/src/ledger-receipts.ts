import { z } from 'zod';
import type { Receipt } from '@stuiver/proof';

const Hex = z.string().regex(/^([0-9a-f]{2})*$/);
const Texts = z.record(z.string(), z.string());
const Side = z.strictObject({
  ...{ salt: Hex, account: z.string(), code: z.string(), version: z.string() },
  afterMinor: z.string(),
});
const Command = z.strictObject({
  ...{ id: z.string(), kind: z.string(), contentSha256: Hex, batch: z.string() },
  ...{ firstSeq: z.string(), transferCount: z.string(), refusal: z.string().nullable() },
  ...{ metadata: Hex.nullable(), transfers: z.array(Hex), also: Texts },
});
const Transfer = z.strictObject({
  ...{ seq: z.string(), batch: z.string(), commandId: z.string(), purpose: z.string() },
  ...{ amountMinor: z.string(), currency: z.string(), effectiveAt: z.string() },
  ...{ debit: Hex, credit: Hex, also: Texts },
});
const Batch = z.strictObject({
  ...{ shard: z.string(), no: z.string(), root: Hex, blindSha256: Hex, firstSeq: z.string() },
  ...{ transferCount: z.string(), commandCount: z.string(), at: z.string() },
});
const TrialSum = z.strictObject({
  ...{ currency: z.string(), debitMinor: z.string(), creditMinor: z.string() },
});
const Checkpoint = z.strictObject({
  ...{ chain: z.string(), shard: z.string(), batch: z.string(), hash: Hex, at: z.string() },
  ...{ lastSeq: z.string(), lastAccount: z.string(), trialBalance: z.array(TrialSum) },
  ...{ keyId: z.string(), signature: Hex },
});

/** What proves a booking, as it travels; `verifyReceipt` says whether it does. */
export const ReceiptSchema: z.ZodType<Receipt> = z.strictObject({
  kind: z.literal('stuiver.receipt.v1'),
  command: Command,
  transfers: z.array(
    z.strictObject({ facts: Transfer, debit: Side.nullable(), credit: Side.nullable() }),
  ),
  metadata: z.strictObject({ salt: Hex, fields: Texts }).nullable(),
  batch: Batch,
  previous: Hex,
  inclusion: z.strictObject({ index: z.int(), count: z.int(), path: z.array(Hex) }),
  chain: z.array(Hex),
  checkpoint: Checkpoint,
});

/** Whose receipt it is: sides of other owners stay closed. */
export interface ReceiptFor {
  /** `user:{id}` or `merchant:{id}`. */
  readonly owner: string;
  /** Transfers that are theirs though no side is: the gross amount of who paid from a bank. The caller vouches for it. */
  readonly purposes: readonly string[];
}

/** How a service gets what proves a booking to its own people. */
export interface LedgerReceipts {
  /** @throws Refusal NOT_FOUND when it is not booked or nothing of it is theirs; LedgerUnavailable */
  receipt(commandId: string, reader: ReceiptFor): Promise<Receipt>;
}
