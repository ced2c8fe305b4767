import {
  Agent,
  request as httpRequest,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { errorCode } from '@stuiver/errors';
import type { Replicas } from './replicas.js';

/** A bank statement is the largest thing anybody sends. */
const BODY_BYTES_MAX = 32 * 1024 * 1024;
/** Longer than the slowest honest answer: a PSP that takes its time. */
const ANSWER_MS_MAX = 30_000;

const agent = new Agent({ keepAlive: true, maxSockets: 256 });

/** What belongs to one connection and not to the message. RFC 9110 §7.6.1. */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/**
 * Hands a request on, unchanged: the target as it was written and header names in their case, because merchants sign
 * the one and some SDKs read the other. Own code for that reason: what we found on npm lower-cases names.
 *
 * A request that reached no replica goes to the next one; so does a reading one whose answer was lost. Anything else
 * that was lost may have happened: the caller hears 503 and asks again, as with every lost answer.
 */
export async function forward(
  request: IncomingMessage,
  response: ServerResponse,
  replicas: Replicas,
): Promise<void> {
  const body = await bodyOf(request);
  if (body === undefined) {
    refuse(response, 413, 'BODY_TOO_LARGE');
    return;
  }
  for (const { origin } of replicas.inTurn()) {
    const outcome = await handOn({ request, response, body, origin });
    if (outcome === 'answered') return;
    if (outcome === 'lost' && request.method !== 'GET' && request.method !== 'HEAD') break;
  }
  refuse(response, 503, 'SERVICE_UNAVAILABLE');
}

interface Handing {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly body: Buffer;
  readonly origin: URL;
}

function handOn(handing: Handing): Promise<'answered' | 'unreached' | 'lost'> {
  const { request, response, body, origin } = handing;
  return new Promise((resolve) => {
    const upstream = httpRequest({
      host: origin.hostname,
      port: origin.port,
      method: request.method ?? 'GET',
      path: request.url ?? '/',
      headers: headersFor(request, body),
      agent,
      setHost: false,
      timeout: ANSWER_MS_MAX,
    });
    upstream.once('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, endToEnd(answer.rawHeaders));
      answer.once('error', () => response.destroy());
      answer.pipe(response);
      resolve('answered');
    });
    upstream.once('timeout', () => upstream.destroy(new Error('no answer')));
    upstream.once('error', (error) => {
      if (response.headersSent) response.destroy();
      const unreached = ['ECONNREFUSED', 'EHOSTUNREACH', 'ENOTFOUND'].includes(
        errorCode(error) ?? '',
      );
      resolve(unreached ? 'unreached' : 'lost');
    });
    // The caller hung up: nobody waits for the answer.
    response.once('close', () => upstream.destroy());
    upstream.end(body);
  });
}

/** Undefined when it is larger than anything we take. */
async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > BODY_BYTES_MAX) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function headersFor(request: IncomingMessage, body: Buffer): string[] {
  const own = new Set(['content-length', 'x-forwarded-for', 'x-forwarded-proto', 'forwarded']);
  const kept = pairs(request.rawHeaders).filter(
    ([name]) => !HOP_BY_HOP.has(name.toLowerCase()) && !own.has(name.toLowerCase()),
  );
  const hasBody = request.headers['content-length'] ?? request.headers['transfer-encoding'];
  return [
    ...kept.flat(),
    ...(hasBody === undefined ? [] : ['Content-Length', String(body.length)]),
    ...['X-Forwarded-For', request.socket.remoteAddress ?? ''],
  ];
}

function endToEnd(rawHeaders: readonly string[]): string[] {
  return pairs(rawHeaders)
    .filter(([name]) => !HOP_BY_HOP.has(name.toLowerCase()))
    .flat();
}

function pairs(rawHeaders: readonly string[]): [string, string][] {
  const found: [string, string][] = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    found.push([rawHeaders[index] ?? '', rawHeaders[index + 1] ?? '']);
  }
  return found;
}

/** In the form of our own JSON; what the edge says it cannot sign. */
export function refuse(response: ServerResponse, status: number, code: string): void {
  if (response.headersSent || response.destroyed) return;
  const retry = status === 503 ? { 'retry-after': '1' } : {};
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...retry });
  response.end(JSON.stringify({ code, message: WORDS[code] ?? code }));
}

const WORDS: Readonly<Record<string, string>> = {
  BODY_TOO_LARGE: 'the body is larger than anything that is taken here',
  SERVICE_UNAVAILABLE: 'nobody answers for it at the moment: try again',
  NOT_FOUND: 'there is nothing here',
  SYSTEM_ERROR: 'something went wrong here',
};
