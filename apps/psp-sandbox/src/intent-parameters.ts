import { z } from 'zod';
import { Amount, Expand, Flag, Metadata, orUnset } from './parameters.js';

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
  client_secret: z.string().optional(),
  expand: Expand,
};

export const CreateParameters = z.strictObject({
  amount: Amount,
  currency: z.string().regex(/^[a-z]{3}$/, 'must be a lower-case currency code'),
  confirm: Flag.optional(),
  capture_method: z.enum(['automatic', 'automatic_async', 'manual']).optional(),
  allowed_payment_method_types: TypeList,
  excluded_payment_method_types: TypeList,
  automatic_payment_methods: z
    .strictObject({ enabled: Flag, allow_redirects: z.enum(['always', 'never']).optional() })
    .optional(),
  description: orUnset(z.string().max(1_000)),
  metadata: orUnset(Metadata),
  statement_descriptor_suffix: orUnset(z.string().max(22)),
  transfer_group: orUnset(z.string()),
  transfer_data: z.strictObject({ destination: z.string(), amount: Amount.optional() }).optional(),
  application_fee_amount: Amount.optional(),
  on_behalf_of: z.string().optional(),
  ...confirmation,
});
/** As versions before the autumn of 2026 had it. */
export const OlderCreateParameters = CreateParameters.extend({ payment_method_types: TypeList });
export const ConfirmParameters = z.strictObject(confirmation);
export const UpdateParameters = z.strictObject({
  // An empty text is no mistake here: it takes away what was there.
  description: z.string().max(1_000).optional(),
  metadata: z.union([Metadata, z.literal('')]).optional(),
  expand: Expand,
});
export const CancelParameters = z.strictObject({
  cancellation_reason: z
    .enum(['duplicate', 'fraudulent', 'requested_by_customer', 'abandoned'])
    .optional(),
  expand: Expand,
});
