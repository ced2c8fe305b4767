import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { readConfig } from '../config.js';
import { SANDBOX_KEY } from '../run/start-sandbox.js';
import { CommandFailed } from './command.js';

const Running = z.object({ sandbox_url: z.url().nullish() });
const Problem = z.object({ error: z.object({ message: z.string() }) });
/** Ending a year of days takes a while. */
const REQUEST_MS_MAX = 120_000;

export interface BankAnswer {
  readonly status: number;
  readonly text: string;
}

export interface BankClient {
  readonly dataDir: string;
  /** @throws CommandFailed with the bank's own words, unless `taken` has the status. */
  call(
    method: 'GET' | 'POST',
    path: string,
    more?: {
      readonly content?: Uint8Array | string;
      readonly accept?: string;
      readonly taken?: readonly number[];
    },
  ): Promise<BankAnswer>;
}

/** Talks to the bank of the sandbox that runs beside this data folder's Stuiver. @throws CommandFailed when none runs. */
export async function bankClient(): Promise<BankClient> {
  const { dataDir } = readConfig(process.env);
  const running = await readFile(join(dataDir, 'running.json'), 'utf8').catch(() => {
    throw new CommandFailed(`no running Stuiver on ${dataDir}: start it first with "npm start"`);
  });
  const { sandbox_url: sandboxUrl } = Running.parse(JSON.parse(running));
  if (sandboxUrl === undefined || sandboxUrl === null) {
    throw new CommandFailed('this Stuiver runs without the sandbox: its bank is a real one');
  }
  return bankClientOf(sandboxUrl, dataDir);
}

function bankClientOf(sandboxUrl: string, dataDir: string): BankClient {
  return {
    dataDir,
    call: async (method, path, { content, accept = '*/*', taken = [] } = {}) => {
      const answer = await fetch(new URL(path, sandboxUrl), {
        method,
        headers: { authorization: `Bearer ${SANDBOX_KEY}`, accept },
        signal: AbortSignal.timeout(REQUEST_MS_MAX),
        ...(content === undefined ? {} : { body: content }),
      }).catch((error: unknown) => {
        throw new CommandFailed(`the sandbox does not answer on ${sandboxUrl}: ${String(error)}`);
      });
      const text = await answer.text();
      if (answer.ok || taken.includes(answer.status)) {
        return { status: answer.status, text };
      }
      throw new CommandFailed(`${answer.status} ${messageOf(text)}`);
    },
  };
}

function messageOf(text: string): string {
  try {
    return Problem.parse(JSON.parse(text)).error.message;
  } catch {
    return text;
  }
}
