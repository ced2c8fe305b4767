import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { startEmbeddedPostgres } from '@stuiver/postgres';
import { JsonLog } from '@stuiver/telemetry';
import { startChild } from '../run/children.js';
import { PATHS } from '../run/paths.js';
import { SANDBOX_KEY } from '../run/start-sandbox.js';
import { untilSignal } from '../run/until-signal.js';
import { type Command, CommandFailed } from './command.js';

const PORT = '8090';
const SECRET_FILE = 'webhook-secret';

interface SandboxOptions {
  readonly port: number;
  /** Where Stripe's events go. */
  readonly webhooks: readonly string[];
  /** Null: nothing is kept. */
  readonly dataDir: string | null;
}

/** `stuiver sandbox`: the PSP sandbox alone, for whoever tests an integration with Stripe. Until SIGTERM or SIGINT. */
export const sandboxCommand: Command = {
  words: ['sandbox'],
  usage:
    '[--port 8090] [--webhook URL]… [--data DIR]  a PSP that speaks Stripe’s wire, and nothing else',
  run: async (args) => {
    const options = optionsOf(args);
    const stop = untilSignal();
    const dir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'stuiver-sandbox-')));
    try {
      await serve(options, dir, stop);
    } finally {
      if (options.dataDir === null) await rm(dir, { recursive: true, force: true });
    }
    return 0;
  },
};

async function serve(options: SandboxOptions, dir: string, stop: Promise<unknown>): Promise<void> {
  const log = new JsonLog('warn');
  const secret = await webhookSecretIn(dir);
  const server = await startEmbeddedPostgres({ dataDir: dir, log });
  try {
    const child = await startChild({
      ...{ name: 'psp-sandbox', script: PATHS.sandboxServer, port: options.port, log },
      environment: {
        SANDBOX_PORT: String(options.port),
        SANDBOX_DATABASE_URL: await server.databaseUrl('sandbox'),
        SANDBOX_WEBHOOKS: JSON.stringify(options.webhooks.map((url) => ({ url, secret }))),
      },
    });
    process.stdout.write(greeting(child.url, secret, options));
    await stop;
    await child.stop();
  } finally {
    await server.stop();
  }
}

function greeting(url: string, secret: string, { webhooks, dataDir }: SandboxOptions): string {
  const lines = [
    `sandbox ready on ${url}`,
    `  api key         ${SANDBOX_KEY}`,
    `  webhook secret  ${secret}`,
    ...webhooks.map((webhook) => `  events go to    ${webhook}`),
    `  data            ${dataDir ?? 'forgotten at the end'}`,
  ];
  return `${lines.join('\n')}\n`;
}

/** One that stays the same for this folder. */
async function webhookSecretIn(dir: string): Promise<string> {
  const file = join(dir, SECRET_FILE);
  await mkdir(dir, { recursive: true });
  const fresh = `whsec_${randomBytes(24).toString('hex')}`;
  await writeFile(file, fresh, { flag: 'wx', mode: 0o600 }).catch(() => undefined);
  return readFile(file, 'utf8');
}

/** @throws CommandFailed naming what cannot be used. */
function optionsOf(args: readonly string[]): SandboxOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      port: { type: 'string', default: PORT },
      webhook: { type: 'string', multiple: true, default: [] },
      data: { type: 'string' },
    },
  });
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new CommandFailed(`--port must be from 1 to 65535, not "${values.port}"`);
  }
  const wrong = values.webhook.find((url) => !/^https?:/.test(url) || !URL.canParse(url));
  if (wrong !== undefined)
    throw new CommandFailed(`--webhook must be a http address, not "${wrong}"`);
  const dataDir = values.data === undefined ? null : resolve(values.data);
  return { port, webhooks: values.webhook, dataDir };
}
