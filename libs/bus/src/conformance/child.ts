import type { StuiverEvent } from '@stuiver/contracts';
import { openDatabase } from '@stuiver/postgres';
import { z } from 'zod';
import type { EventBus } from '../event-bus.js';
import { bookEffect, DEATHS, listen } from './world.js';

/** What a world tells the consumer that it starts in a process of its own, as its only argument. */
export const ChildPlan = z.strictObject({
  consumer: z.string(),
  prefix: z.string(),
  dies: z.strictObject({ at: z.number(), point: z.enum(DEATHS) }).optional(),
  /** As the role of `orders`. */
  effectsUrl: z.string(),
  /** As the role of `bus`. */
  busUrl: z.string(),
  brokers: z.array(z.string()),
});
export type ChildPlan = z.infer<typeof ChildPlan>;

/** Listens and books effects until it dies. */
export async function runChild(
  argument: string | undefined,
  makeBus: (plan: ChildPlan) => Promise<EventBus>,
): Promise<void> {
  const plan = ChildPlan.parse(JSON.parse(argument ?? ''));
  const { consumer, prefix, dies } = plan;
  const database = await openDatabase({
    url: plan.effectsUrl,
    applicationName: 'conformance child',
    poolMax: 8,
  });
  let heard = 0;
  const dieAt = (point: string, nth: number): void => {
    if (nth === dies?.at && point === dies.point) process.kill(process.pid, 'SIGKILL');
  };
  const handle = async (event: StuiverEvent): Promise<void> => {
    heard += 1;
    const nth = heard;
    dieAt('before the effect', nth);
    await bookEffect(database, consumer, event, () => {
      dieAt('inside its transaction', nth);
    });
    dieAt('after the effect', nth);
  };
  listen(await makeBus(plan), { consumer, prefix }, handle);
}
