import type { IncomingMessage } from 'node:http';
import type { Refusal } from '@stuiver/errors';
import { messageOf } from './prose.js';

/** One finished answer, about to be written. */
export interface Answer {
  /** Null when what came could not even be read as HTTP. */
  readonly request: IncomingMessage | null;
  readonly requestId: string;
  readonly status: number;
  /** Set when the answer is a refusal. */
  readonly refusal: Refusal | null;
  readonly body: Buffer;
}

/**
 * Everything under one path prefix that speaks in its own manner: how it words a refusal and which headers it writes,
 * names in exactly the given letter case. It has the last word on the server's own answers (404, 413, bad URL) too.
 */
export interface ApiSurface {
  /** `/v3`: matches `/v3` and what lies under it. */
  readonly prefix: string;
  problem(refusal: Refusal, request: IncomingMessage | null): unknown;
  headers(answer: Answer): Promise<readonly (readonly [name: string, value: string])[]>;
}

/** What has no surface of its own: `{ code, message, facts }`. */
const OWN_SURFACE: ApiSurface = {
  prefix: '',
  problem: (refusal) => ({ code: refusal.code, message: messageOf(refusal), facts: refusal.facts }),
  headers: ({ requestId }) => Promise.resolve([['Request-ID', requestId]]),
};

export function surfaceOf(surfaces: readonly ApiSurface[], url: string | undefined): ApiSurface {
  const path = (url ?? '').split('?', 1)[0] ?? '';
  const found = surfaces.find(({ prefix }) => path === prefix || path.startsWith(`${prefix}/`));
  return found ?? OWN_SURFACE;
}
