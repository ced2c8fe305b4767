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
  /** Sends a file as it is. @throws CommandFailed with the service's own words. */
  send(path: string, file: { content: Uint8Array<ArrayBuffer>; type: string }): Promise<unknown>;
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
  const ask = async (
    method: string,
    path: string,
    file: { content: string | Uint8Array<ArrayBuffer> | null; type: string },
  ): Promise<unknown> => {
    const answer = await fetch(new URL(path, server.apiUrl), {
      method,
      headers: { authorization: `Bearer ${server.token.trim()}`, 'content-type': file.type },
      signal: AbortSignal.timeout(REQUEST_MS_MAX),
      body: file.content,
    }).catch((error: unknown) => {
      throw new CommandFailed(`Stuiver does not answer on ${server.apiUrl}: ${String(error)}`);
    });
    const content: unknown = await answer.json().catch(() => ({}));
    if (answer.ok) return content;
    const problem = Problem.safeParse(content).data;
    throw new CommandFailed(
      `${String(answer.status)} ${problem?.code ?? ''} ${problem?.message ?? JSON.stringify(content)}`,
    );
  };
  return {
    pagesUrl: server.pagesUrl,
    call: (method, path, body) => {
      const content = body === undefined ? null : JSON.stringify(body);
      return ask(method, path, { content, type: 'application/json' });
    },
    send: (path, file) => ask('POST', path, file),
  };
}
