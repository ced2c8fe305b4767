import { z } from 'zod';
import { readYaml } from './ops-files.js';

/*
 * The part of the Compose Specification that docker-compose.yml uses, written strictly: a key that is not here is a
 * misspelling until somebody adds it.
 */

const Condition = z.strictObject({
  condition: z.enum(['service_healthy', 'service_completed_successfully']),
});
const Healthcheck = z.union([
  z.strictObject({ disable: z.literal(true) }),
  z.strictObject({
    test: z.tuple([z.literal('CMD')], z.string()),
    interval: z.string(),
    timeout: z.string(),
    retries: z.number().int().positive(),
    start_period: z.string().optional(),
  }),
]);
const Service = z.strictObject({
  image: z.string(),
  build: z.literal('.').optional(),
  command: z.array(z.string()).min(1).optional(),
  user: z.string().optional(),
  network_mode: z.literal('host'),
  read_only: z.boolean(),
  tmpfs: z.array(z.string()),
  security_opt: z.array(z.string()),
  cap_drop: z.array(z.string()),
  restart: z.enum(['no', 'unless-stopped']),
  stop_grace_period: z.string(),
  shm_size: z.string().optional(),
  logging: z.strictObject({ driver: z.string(), options: z.record(z.string(), z.string()) }),
  environment: z.record(z.string(), z.string()).default({}),
  depends_on: z.record(z.string(), Condition).default({}),
  healthcheck: Healthcheck,
  volumes: z.array(z.string().regex(/^[\w./-]+:\/[\w./-]+(:ro)?$/)).default([]),
  deploy: z.strictObject({
    resources: z.strictObject({
      limits: z.strictObject({ cpus: z.string(), memory: z.string(), pids: z.number() }),
    }),
  }),
});
const Compose = z.strictObject({
  name: z.literal('stuiver'),
  services: z.record(z.string(), Service),
  volumes: z.record(z.string(), z.null()),
});

export type ComposeService = z.infer<typeof Service> & { readonly name: string };

export interface ComposeFile {
  readonly services: readonly ComposeService[];
  readonly volumes: readonly string[];
}

/** @throws z.ZodError naming each key that Compose or we would not know. */
export function readCompose(): ComposeFile {
  const written = Object.entries(readYaml('docker-compose.yml') as object);
  const { services, volumes } = Compose.parse(
    Object.fromEntries(written.filter(([key]) => !key.startsWith('x-'))),
  );
  return {
    services: Object.entries(services).map(([name, service]) => ({ ...service, name })),
    volumes: Object.keys(volumes),
  };
}
