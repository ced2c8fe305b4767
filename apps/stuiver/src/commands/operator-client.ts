import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { readConfig } from '../config.js';
import { CommandFailed } from './command.js';

const Running = z.object({ api_url: z.url(), pages_url: z.url() });
const Problem = z.object({ code: z.string(), message: z.string().optional() });
const REQUEST_MS_MAX = 60_000;

export interface OperatorClient {
  readonly pagesUrl: string;
  /** @throws CommandFailed with the service's own words. */
  call(method: 'GET' | 'POST' | 'PUT', path: string, body?: unknown): Promise<unknown>;
}

/** Talks to the running Stuiver of this data folder as its operator. @throws CommandFailed when none runs. */
export async function operatorClient(): Promise<OperatorClient> {
  const { dataDir } = readConfig(process.env);
  const [running, token] = await Promise.all(
    ['running.json', 'operator.token'].map((name) => readFile(join(dataDir, name), 'utf8')),
  ).catch(() => {
    throw new CommandFailed(`no running Stuiver on ${dataDir}: start it first with "npm start"`);
  });
  const { api_url: apiUrl, pages_url: pagesUrl } = Running.parse(JSON.parse(running ?? ''));
  return operatorClientOf({ apiUrl, pagesUrl, token: token ?? '' });
}

export function operatorClientOf(server: {
  apiUrl: string;
  pagesUrl: string;
  token: string;
}): OperatorClient {
  return {
    pagesUrl: server.pagesUrl,
    call: async (method, path, body) => {
      const answer = await fetch(new URL(path, server.apiUrl), {
        method,
        headers: {
          authorization: `Bearer ${server.token.trim()}`,
          'content-type': 'application/json',
        },
        signal: AbortSignal.timeout(REQUEST_MS_MAX),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }).catch((error: unknown) => {
        throw new CommandFailed(`Stuiver does not answer on ${server.apiUrl}: ${String(error)}`);
      });
      const content: unknown = await answer.json().catch(() => ({}));
      if (answer.ok) return content;
      const problem = Problem.safeParse(content).data;
      throw new CommandFailed(
        `${String(answer.status)} ${problem?.code ?? ''} ${problem?.message ?? JSON.stringify(content)}`,
      );
    },
  };
}
