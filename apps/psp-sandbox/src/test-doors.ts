import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { decideIntent } from './bank-page.js';
import type { Context } from './context.js';
import { NewDispute, openDispute, settleDispute } from './disputes.js';
import { FaultPlan } from './faults.js';
import { takeBack } from './payout-day.js';
import { failPayout } from './payouts.js';
import { invalid } from './problem.js';
import { failRefund } from './refunds.js';
import type { Doc, Objects } from './store.js';
import { WebhookFaultPlan } from './webhook-faults.js';

const WebhookPlan = z.strictObject({
  /** True: events are kept and not sent until it is false again. */
  hold: z.boolean(),
});
const RefundFailure = z.strictObject({
  reason: z.string().min(1).default('expired_or_canceled_card'),
});
const PayoutFailure = z.strictObject({
  code: z.string().min(1).default('account_closed'),
  message: z.string().default('The bank account has been closed.'),
});
const OutcomePath = z.strictObject({
  id: z.string().min(1),
  outcome: z.enum(['authorise', 'fail']),
});

const SettlementPath = z.strictObject({
  id: z.string().min(1),
  outcome: z.enum(['won', 'lost']),
});

/** What a test does behind the PSP's back. Asks for the API key like `/v1`, so no web page can reach it. */
export function testDoors(server: FastifyInstance, context: Context): void {
  faultDoors(server, context);
  outcomeDoors(server, context);
  disputeDoors(server, context);
}

function faultDoors(server: FastifyInstance, context: Context): void {
  server.post('/_test/faults', (request, reply) => {
    context.faults.plan(bodyOf(FaultPlan, request.body));
    return reply.code(204).send();
  });
  server.get('/_test/faults', () => context.faults.met);
  server.delete('/_test/faults', (_request, reply) => {
    context.faults.clear();
    return reply.code(204).send();
  });
  server.post('/_test/webhooks', (request, reply) => {
    const { hold } = bodyOf(WebhookPlan, request.body);
    if (hold) context.sender.hold();
    else context.sender.release();
    return reply.code(204).send();
  });
  server.post('/_test/webhooks/faults', (request, reply) => {
    context.sender.faults.plan(bodyOf(WebhookFaultPlan, request.body));
    return reply.code(204).send();
  });
  server.get('/_test/webhooks/faults', () => context.sender.faults.met);
  server.delete('/_test/webhooks/faults', (_request, reply) => {
    context.sender.faults.clear();
    return reply.code(204).send();
  });
}

function outcomeDoors(server: FastifyInstance, context: Context): void {
  server.post('/_test/payment_intents/:id/:outcome', async (request) => {
    const { id, outcome } = take(OutcomePath, request.params);
    return context.run(async (any) => {
      const objects = await any.asOwnerOf(id);
      const { doc } = await objects.lock('payment_intent', id);
      return decideIntent(objects, doc, outcome);
    });
  });
  server.post('/_test/refunds/:id/fail', async (request) => {
    const { reason } = bodyOf(RefundFailure, request.body);
    return context.run(async (any) => {
      const id = idOf(request.params);
      return failRefund(await any.asOwnerOf(id), id, reason);
    });
  });
  server.post('/_test/payouts/:id/fail', async (request) => {
    const why = bodyOf(PayoutFailure, request.body);
    return context.run(async (any) => {
      const id = idOf(request.params);
      return failPayoutNow(await any.asOwnerOf(id), id, why);
    });
  });
}

function disputeDoors(server: FastifyInstance, context: Context): void {
  server.post('/_test/payment_intents/:id/disputes', async (request) => {
    const asked = bodyOf(NewDispute, request.body);
    const id = idOf(request.params);
    return context.run(async (any) => {
      const objects = await any.asOwnerOf(id);
      const { doc } = await objects.lock('payment_intent', id);
      if (doc['status'] !== 'succeeded') throw invalid('Only a payment that came can be disputed.');
      return openDispute(objects, String(doc['latest_charge']), asked);
    });
  });
  server.post('/_test/disputes/:id/:outcome', async (request) => {
    const { id, outcome } = take(SettlementPath, request.params);
    return context.run(async (any) => settleDispute(await any.asOwnerOf(id), id, outcome));
  });
}

/** Fails it as the receiving bank would. One that arrived is taken from our account again. */
async function failPayoutNow(
  objects: Objects,
  id: string,
  why: z.infer<typeof PayoutFailure>,
): Promise<Doc> {
  const { doc } = await objects.lock('payout', id);
  const status = String(doc['status']);
  if (status === 'failed') return doc;
  if (status === 'canceled') throw invalid('A payout that was canceled cannot fail.');
  if (status === 'paid') await takeBack(objects, doc);
  return failPayout(objects, doc, why);
}

function idOf(parameters: unknown): string {
  return take(z.strictObject({ id: z.string().min(1) }), parameters).id;
}

function bodyOf<Shape extends z.ZodType>(schema: Shape, body: unknown): z.infer<Shape> {
  try {
    return take(schema, JSON.parse(typeof body === 'string' && body !== '' ? body : '{}'));
  } catch (error) {
    if (error instanceof SyntaxError) throw invalid('The body is not JSON.');
    throw error;
  }
}

function take<Shape extends z.ZodType>(schema: Shape, given: unknown): z.infer<Shape> {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw invalid(z.prettifyError(parsed.error));
}
