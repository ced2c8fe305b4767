import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';

const FaultPlan = z.strictObject({
  /** Addresses that start with this. */
  path: z.string().min(1),
  /** What the caller sees although the work is done and kept. */
  effect: z.enum(['answer-500', 'drop-connection']),
  times: z.number().int().min(1).max(1_000).default(1),
});
type FaultPlan = z.infer<typeof FaultPlan>;

/** Lost answers on demand: the transaction is committed, the caller does not hear of it. */
export class Faults {
  private plans: FaultPlan[] = [];

  plan(given: unknown): void {
    this.plans.push(FaultPlan.parse(given));
  }

  clear(): void {
    this.plans = [];
  }

  /** @returns true when this answer was spoilt. */
  strike(url: string, reply: FastifyReply): boolean {
    const plan = this.plans.find(({ path, times }) => times > 0 && url.startsWith(path));
    if (plan === undefined) return false;
    plan.times -= 1;
    if (plan.effect === 'drop-connection') {
      reply.hijack();
      reply.raw.destroy();
    } else {
      void reply.code(500).send({ error: { type: 'api_error', message: 'Planned fault.' } });
    }
    return true;
  }
}

/** How a test plans them. */
export function faultDoors(server: FastifyInstance, faults: Faults): void {
  server.post('/_test/faults', (request, reply) => {
    faults.plan(JSON.parse(String(request.body)));
    return reply.code(204).send();
  });
  server.delete('/_test/faults', (_request, reply) => {
    faults.clear();
    return reply.code(204).send();
  });
}
