import { z } from 'zod';
import { Amount, Expand, Flag, Metadata } from './parameters.js';

/** What each call on a payment intent may carry; anything else is unknown. */
const TypeList = z.array(z.string()).optional();

const confirmation = {
  payment_method: z.string().optional(),
  payment_method_data: z
    .strictObject({
      type: z.enum(['ideal', 'card']),
      ideal: z.strictObject({ bank: z.string().optional() }).optional(),
      billing_details: z
        .strictObject({ name: z.string().optional(), email: z.string().optional() })
        .optional(),
    })
    .optional(),
  return_url: z.url().optional(),
  expand: Expand,
};

export const CreateParameters = z.strictObject({
  amount: Amount,
  currency: z.string().regex(/^[a-z]{3}$/, 'must be a lower-case currency code'),
  confirm: Flag.optional(),
  capture_method: z.enum(['automatic', 'automatic_async']).optional(),
  allowed_payment_method_types: TypeList,
  excluded_payment_method_types: TypeList,
  automatic_payment_methods: z
    .strictObject({ enabled: Flag, allow_redirects: z.enum(['always', 'never']).optional() })
    .optional(),
  description: z.string().max(1_000).optional(),
  metadata: Metadata.optional(),
  statement_descriptor_suffix: z.string().max(22).optional(),
  transfer_group: z.string().optional(),
  ...confirmation,
});
export const ConfirmParameters = z.strictObject(confirmation);
export const UpdateParameters = z.strictObject({
  description: z.string().max(1_000).optional(),
  metadata: Metadata.optional(),
  expand: Expand,
});
export const CancelParameters = z.strictObject({
  cancellation_reason: z
    .enum(['duplicate', 'fraudulent', 'requested_by_customer', 'abandoned'])
    .optional(),
  expand: Expand,
});
