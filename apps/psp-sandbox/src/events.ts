import { z } from 'zod';
import { listOf } from './lists.js';
import { check, Page } from './parameters.js';
import type { Objects } from './store.js';

const ListParameters = z.strictObject({
  ...Page,
  type: z.string().optional(),
  types: z.array(z.string()).max(20).optional(),
});

export async function listEvents(objects: Objects, given: unknown): Promise<unknown> {
  const page = check(ListParameters, given);
  return listOf(objects, {
    object: 'event',
    url: '/v1/events',
    page,
    equal: { type: page.type },
    anyOf: { type: page.types },
  });
}
