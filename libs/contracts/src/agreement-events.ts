import { z } from 'zod';
import { InstantField } from './envelope.js';

/** Something that moved money and its booking in the ledger no longer say the same, or agree again. */
export const agreementChange = {
  commandId: z.string(),
  /** Of the command: `payment`, `refund-request`, `payout-approve`, … */
  kind: z.string(),
  /** Of the attempt, refund, top-up or payout. */
  id: z.string(),
  /** Null: they agree again. */
  reason: z
    .enum(['not-booked', 'refused', 'other-amount', 'unknown-here', 'booked-twice'])
    .nullable(),
  at: InstantField,
};
