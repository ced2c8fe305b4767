import { randomBytes } from 'node:crypto';
import type { Pool } from 'pg';
import { z } from 'zod';
import type { Endpoint } from './endpoint-sender.js';
import { listOf } from './lists.js';
import { check, Expand, Flag, mergeMetadata, Metadata, orUnset, Page } from './parameters.js';
import type { Answer } from './problem.js';
import type { Doc, Objects } from './store.js';
import { versionOf } from './versions.js';
import type { WebhookSender } from './webhook-sender.js';

const SECRET_BYTES = 24;

const CreateParameters = z.strictObject({
  url: z.url(),
  enabled_events: z.array(z.string().min(1)).min(1),
  api_version: z.string().optional(),
  connect: Flag.optional(),
  description: orUnset(z.string().max(5_000)),
  metadata: orUnset(Metadata),
  expand: Expand,
});

/** An address that is told of events from now on. Its secret is said once, in this answer. */
export async function createEndpoint(
  objects: Objects,
  given: unknown,
  sender: WebhookSender,
): Promise<Answer> {
  const asked = check(CreateParameters, given);
  const secret = `whsec_${randomBytes(SECRET_BYTES).toString('base64url')}`;
  const doc: Doc = {
    id: objects.newId('we'),
    object: 'webhook_endpoint',
    api_version: asked.api_version === undefined ? null : versionOf(asked.api_version),
    application: null,
    created: objects.created,
    description: asked.description ?? null,
    enabled_events: asked.enabled_events,
    livemode: false,
    metadata: mergeMetadata({}, asked.metadata),
    status: 'enabled',
    url: asked.url,
  };
  const hidden = { secret, connect: asked.connect ?? false };
  await objects.save(doc, hidden);
  objects.afterwards(() => {
    sender.add(endpointOf(doc, hidden));
    return Promise.resolve();
  });
  return { status: 200, body: { ...doc, secret } };
}

/** Nobody is told there any more. @throws StripeProblem resource_missing */
export async function deleteEndpoint(
  objects: Objects,
  id: string,
  sender: WebhookSender,
): Promise<Answer> {
  await objects.lock('webhook_endpoint', id);
  await objects.client.query('delete from object where id = $1', [id]);
  await objects.client.query('update delivery set due_at = null where url = $1', [id]);
  objects.afterwards(() => sender.remove(id));
  return { status: 200, body: { id, object: 'webhook_endpoint', deleted: true } };
}

export async function listEndpoints(objects: Objects, given: unknown): Promise<unknown> {
  const page = check(z.strictObject(Page), given);
  return listOf(objects, { object: 'webhook_endpoint', url: '/v1/webhook_endpoints', page });
}

/** Those that an earlier process was asked to tell. */
export async function keptEndpoints(pool: Pool): Promise<readonly Endpoint[]> {
  const { rows } = await pool.query<{ doc: Doc; hidden: Hidden }>(
    `select doc, hidden from object where object = 'webhook_endpoint' order by seq`,
  );
  return rows.map(({ doc, hidden }) => endpointOf(doc, hidden));
}

interface Hidden {
  readonly secret: string;
  readonly connect: boolean;
}

function endpointOf(doc: Doc, { secret, connect }: Hidden): Endpoint {
  return {
    ...{ url: doc.id, address: String(doc['url']), secret, connect },
    events: doc['enabled_events'] as string[],
    apiVersion: doc['api_version'] as string | null,
  };
}
