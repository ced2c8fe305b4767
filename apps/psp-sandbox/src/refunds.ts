import { z } from 'zod';
import { bookBalance } from './balance.js';
import { takeShareBack } from './destination-charges.js';
import { isChargedBack } from './disputes.js';
import { listOf } from './lists.js';
import {
  Amount,
  check,
  Expand,
  Flag,
  mergeMetadata,
  Metadata,
  orUnset,
  Page,
} from './parameters.js';
import { type Answer, invalid, refused, type StripeProblem } from './problem.js';
import type { Doc, Objects } from './store.js';

const CreateParameters = z.strictObject({
  payment_intent: z.string().optional(),
  charge: z.string().optional(),
  amount: Amount.optional(),
  reason: orUnset(z.enum(['duplicate', 'fraudulent', 'requested_by_customer'])),
  metadata: orUnset(Metadata),
  reverse_transfer: Flag.optional(),
  refund_application_fee: Flag.optional(),
  expand: Expand,
});

/** Gives (part of) a charge back. The sum of refunds never exceeds the charge. */
export async function createRefund(objects: Objects, given: unknown): Promise<Answer> {
  const asked = check(CreateParameters, given);
  const charge = await chargeOf(objects, asked);
  if (charge['captured'] !== true) throw notCaptured(charge);
  const left = Number(charge['amount_captured']) - Number(charge['amount_refunded']);
  const amount = asked.amount ?? left;
  if (await isChargedBack(objects, charge)) return refused(chargedBack(charge));
  const refusal = refusalOf(charge, { amount, left });
  if (refusal !== undefined) return refused(refusal);
  const ideal = (charge['payment_method_details'] as { type: string }).type === 'ideal';
  const id = objects.newId(ideal ? 'pyr' : 're');
  const transaction = await bookBalance(objects, {
    amount: -amount,
    fee: 0,
    source: id,
    type: ideal ? 'payment_refund' : 'refund',
    availableOn: objects.created,
  });
  const refunded = Number(charge['amount_refunded']) + amount;
  const refund: Doc = {
    id,
    object: 'refund',
    amount,
    balance_transaction: transaction.id,
    charge: charge.id,
    created: objects.created,
    currency: charge['currency'],
    metadata: mergeMetadata({}, asked.metadata),
    payment_intent: charge['payment_intent'],
    reason: asked.reason ?? null,
    status: 'succeeded',
    transfer_reversal: await reversalOf(objects, charge, { asked, refunded }),
  };
  const after = {
    ...charge,
    amount_refunded: refunded,
    refunded: refunded === charge['amount_captured'],
  };
  await objects.save(refund);
  await objects.save(after);
  await objects.tell('refund.created', refund);
  await objects.tell('charge.refunded', after);
  await objects.tell('refund.updated', refund);
  return { status: 200, body: refund };
}

async function reversalOf(
  objects: Objects,
  charge: Doc,
  what: { asked: z.infer<typeof CreateParameters>; refunded: number },
): Promise<string | null> {
  const { reverse_transfer: reverse, refund_application_fee: withFee = false } = what.asked;
  if (reverse === true) {
    return takeShareBack(objects, charge, { refunded: what.refunded, withFee });
  }
  if (!withFee) return null;
  throw invalid('The sandbox gives an application fee back only together with its transfer.', {
    param: 'refund_application_fee',
  });
}

/** The money did not reach the payer and is on the balance again. A second time changes nothing. */
export async function failRefund(objects: Objects, id: string, reason: string): Promise<Doc> {
  const { doc: refund } = await objects.lock('refund', id);
  if (refund['status'] === 'failed') return refund;
  const { doc: charge } = await objects.lock('charge', String(refund['charge']));
  const amount = Number(refund['amount']);
  const back = await bookBalance(objects, {
    ...{ amount, fee: 0, source: refund.id, type: 'refund_failure' },
    availableOn: objects.created,
  });
  const failed = {
    ...refund,
    status: 'failed',
    failure_reason: reason,
    failure_balance_transaction: back.id,
  };
  const left = Number(charge['amount_refunded']) - amount;
  await objects.save(failed);
  await objects.save({ ...charge, amount_refunded: left, refunded: false });
  await objects.tell('refund.updated', failed);
  await objects.tell('refund.failed', failed);
  return failed;
}

/** A no that was thought about: it is kept under the key, unlike a request that was wrong. */
function refusalOf(
  charge: Doc,
  { amount, left }: { amount: number; left: number },
): StripeProblem | undefined {
  if (left === 0) {
    return invalid(`Charge ${charge.id} has already been refunded.`, {
      code: 'charge_already_refunded',
    });
  }
  if (amount <= left) return undefined;
  return invalid(
    `Refund amount (${amount}) is greater than unrefunded amount on charge (${left})`,
    {
      code: 'amount_too_large',
      param: 'amount',
    },
  );
}

/** What was only set aside is let go by cancelling its intent. */
function notCaptured({ id }: Doc): StripeProblem {
  const message = `Charge ${id} has not been captured: cancel its PaymentIntent instead.`;
  return invalid(message, { code: 'charge_not_captured' });
}

function chargedBack({ id }: Doc): StripeProblem {
  const message = `Charge ${id} has been charged back; cannot issue a refund.`;
  return invalid(message, { code: 'charge_disputed' });
}

async function chargeOf(objects: Objects, asked: z.infer<typeof CreateParameters>): Promise<Doc> {
  if (asked.charge !== undefined) return (await objects.lock('charge', asked.charge)).doc;
  if (asked.payment_intent === undefined) {
    throw invalid('One of the following params should be provided: payment_intent or charge.', {
      code: 'parameter_missing',
      param: 'payment_intent',
    });
  }
  const { doc: intent } = await objects.lock('payment_intent', asked.payment_intent);
  if (typeof intent['latest_charge'] !== 'string') {
    throw invalid(
      `This PaymentIntent (${intent.id}) does not have a successful charge to refund.`,
      {
        param: 'payment_intent',
      },
    );
  }
  return (await objects.lock('charge', intent['latest_charge'])).doc;
}

const ListParameters = z.strictObject({
  ...Page,
  payment_intent: z.string().optional(),
  charge: z.string().optional(),
});

export async function listRefunds(objects: Objects, given: unknown): Promise<unknown> {
  const page = check(ListParameters, given);
  const equal = { payment_intent: page.payment_intent, charge: page.charge };
  return listOf(objects, { object: 'refund', url: '/v1/refunds', page, equal });
}
