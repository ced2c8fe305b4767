import type { IncomingMessage } from 'node:http';
import { invariant, Refusal, type RefusalCode } from '@stuiver/errors';
import { type Answer, type ApiSurface, messageOf } from '@stuiver/http';
import { randomHex } from '@stuiver/ids';
import { answerText, errorBody, requestIdHeader, signatureHeaders } from '@stuiver/merchant-wire';
import type { PlatformKey } from '@stuiver/ports';
import type { WireOptions } from '../wire-options.js';
import { signerOf } from './signed-by.js';

const NONCE_BYTES = 16;

/** Product groups of the real service's API that this server answers; the rest is told by name (section 10.2). */
const SERVED_GROUPS = new Set(['pay', 'refund', 'certificates', 'security']);

/** `/v3`: WeChat's error bodies, and every answer signed, headers in exact case, whatever the answer is. */
export function createV3Surface(
  options: Pick<WireOptions, 'keys' | 'clock' | 'random'>,
): ApiSurface {
  return {
    prefix: '/v3',
    problem: (refusal, request) => {
      const inWords = toWireCode(refusal, request);
      return errorBody(inWords, messageOf(inWords));
    },
    headers: (answer) => signedHeaders(options, answer),
  };
}

async function signedHeaders(
  { keys, clock, random }: Pick<WireOptions, 'keys' | 'clock' | 'random'>,
  { request, requestId, body, refusal, status }: Answer,
): Promise<(readonly [string, string])[]> {
  const { keyId } = answeringKey(await keys.platformKeys(), request);
  const timestamp = String(Math.floor(clock.now().getTime() / 1000));
  const nonce = randomHex(NONCE_BYTES, random);
  const signature = await keys.sign(keyId, answerText({ timestamp, nonce, body }));
  return [
    ...signatureHeaders({ timestamp, nonce, signature, keyId }),
    ['Request-ID', requestIdHeader(requestId, refusal)],
    ['Cache-Control', 'no-cache, must-revalidate'],
    ['X-Content-Type-Options', 'nosniff'],
    // Fastify's own header is lower case, and wechatpay-java would not see it.
    ...(status === 204 ? [] : [['Content-Type', 'application/json; charset=utf-8'] as const]),
  ];
}

/** The key that the request names, if it is ours; else the merchant's default (section 8.7, rule 3). */
function answeringKey(keys: readonly PlatformKey[], request: IncomingMessage | null): PlatformKey {
  const named = request?.headers['wechatpay-serial'];
  const byName = keys.find(
    ({ keyId }) => typeof named === 'string' && keyId === canonicalKeyId(named),
  );
  const kind = signerOf(request)?.answerKey ?? 'certificate';
  const key = byName ?? keys.find((candidate) => candidate.kind === kind);
  invariant(key !== undefined, 'the platform has a key of each kind');
  return key;
}

function canonicalKeyId(named: string): string {
  return named.toUpperCase();
}

/** Our own words that can come up under `/v3`, in WeChat's. */
const WIRE_CODES: Partial<Record<RefusalCode, RefusalCode>> = {
  BODY_TOO_LARGE: 'PARAM_ERROR',
  PSP_UNREACHABLE: 'SERVICE_UNAVAILABLE',
};

function toWireCode(refusal: Refusal, request: IncomingMessage | null): Refusal {
  if (refusal.code === 'NOT_FOUND') return noSuchOperation(request);
  return new Refusal(WIRE_CODES[refusal.code] ?? refusal.code, refusal.facts);
}

/** Paths that nothing answers, saying which product group is missing. */
function noSuchOperation(request: IncomingMessage | null): Refusal {
  const path = (request?.url ?? '').split('?', 1)[0] ?? '';
  const group = path.split('/')[2] ?? '';
  const rule = SERVED_GROUPS.has(group)
    ? 'is no operation of this server'
    : `is in the product group "${group.slice(0, 40)}", which this server does not offer`;
  return new Refusal('RESOURCE_NOT_EXISTS', {
    field: 'path',
    rule,
    value: `${request?.method ?? ''} ${path.slice(0, 100)}`,
    location: 'path',
  });
}
