import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { decideIntent } from './bank-page.js';
import type { Context } from './context.js';
import { FaultPlan } from './faults.js';
import { invalid } from './problem.js';

const WebhookPlan = z.strictObject({
  /** True: events are kept and not sent until it is false again. */
  hold: z.boolean(),
});
const OutcomePath = z.strictObject({
  id: z.string().min(1),
  outcome: z.enum(['authorise', 'fail']),
});

/** What a test does behind the PSP's back. Asks for the API key like `/v1`, so no web page can reach it. */
export function testDoors(server: FastifyInstance, context: Context): void {
  server.post('/_test/faults', (request, reply) => {
    context.faults.plan(bodyOf(FaultPlan, request.body));
    return reply.code(204).send();
  });
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
  server.post('/_test/payment_intents/:id/:outcome', async (request) => {
    const { id, outcome } = take(OutcomePath, request.params);
    return context.run(async (objects) => {
      const { doc } = await objects.lock('payment_intent', id);
      return decideIntent(objects, doc, outcome);
    });
  });
}

function bodyOf<Shape extends z.ZodType>(schema: Shape, body: unknown): z.infer<Shape> {
  try {
    return take(schema, JSON.parse(String(body)));
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
