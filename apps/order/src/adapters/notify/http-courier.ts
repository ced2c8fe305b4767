import {
  type ClientRequest,
  type IncomingMessage,
  request as requestHttp,
  type RequestOptions,
} from 'node:http';
import { request as requestHttps } from 'node:https';
import { performance } from 'node:perf_hooks';
import { randomHex, randomText } from '@stuiver/ids';
import {
  AEAD_NONCE_CHARACTERS,
  answerText,
  notificationBody,
  requestIdHeader,
  signatureHeaders,
} from '@stuiver/merchant-wire';
import type { Clock, KeyStore, Random } from '@stuiver/ports';
import type {
  DeliveryTry,
  NotificationCourier,
  OwedNotification,
} from '../../use-cases/send-notification.js';
import type { PostgresMerchants } from '../postgres/merchants.js';
import { contentPurpose } from '../postgres/notifications.js';
import {
  type AddressRule,
  checkedLookup,
  ForbiddenAddress,
  refuseForbiddenLiteral,
} from './address.js';

/** WeChat waits this long for an answer, and so do we. */
const ANSWER_MS_MAX = 5_000;
/** Of a refusing answer, this much is kept for the delivery log. */
const SHOWN_BYTES_MAX = 512;
const NONCE_BYTES = 16;

/** Posts one signed, encrypted notification: no redirects, no second chance, nobody's private network. */
export class HttpCourier implements NotificationCourier {
  constructor(
    private readonly merchants: Pick<PostgresMerchants, 'apiV3Key' | 'answerKey'>,
    private readonly keys: Pick<KeyStore, 'open' | 'platformKeys' | 'sign'>,
    private readonly tools: { clock: Clock; random: Random; addresses: AddressRule },
  ) {}

  async deliver(notification: OwedNotification): Promise<DeliveryTry> {
    const body = await this.bodyOf(notification);
    const headers = await this.headersOf(notification, body);
    const at = this.tools.clock.now();
    const start = performance.now();
    const answer = await post(notification.url, { headers, body, addresses: this.tools.addresses });
    return { at, durationMs: Math.round(performance.now() - start), ...answer };
  }

  private async bodyOf(notification: OwedNotification): Promise<Buffer> {
    const apiV3Key = await this.merchants.apiV3Key(notification.mchid);
    const nonce = randomText(AEAD_NONCE_CHARACTERS, this.tools.random);
    const opened = await this.keys.open(
      contentPurpose(notification.id),
      notification.contentSealed,
    );
    const plaintext = Buffer.from(opened).toString();
    return Buffer.from(notificationBody({ ...notification, plaintext }, { apiV3Key, nonce }));
  }

  /** Signed afresh each time: merchants refuse a signature that is five minutes old. */
  private async headersOf(
    notification: OwedNotification,
    body: Buffer,
  ): Promise<Record<string, string>> {
    const { clock, random } = this.tools;
    const kind = await this.merchants.answerKey(notification.mchid);
    const platformKeys = await this.keys.platformKeys();
    const keyId = platformKeys.find((key) => key.kind === kind)?.keyId ?? '';
    const timestamp = String(Math.floor(clock.now().getTime() / 1000));
    const nonce = randomHex(NONCE_BYTES, random);
    const signature = await this.keys.sign(keyId, answerText({ timestamp, nonce, body }));
    return {
      'Content-Type': 'application/json',
      'Content-Length': String(body.length),
      Accept: '*/*',
      'User-Agent': 'Stuiver-Notify/1',
      'Request-ID': requestIdHeader(notification.id, null),
      ...Object.fromEntries(signatureHeaders({ timestamp, nonce, signature, keyId })),
    };
  }
}

interface Parcel {
  readonly headers: Record<string, string>;
  readonly body: Buffer;
  readonly addresses: AddressRule;
}

type PostAnswer = Pick<DeliveryTry, 'status' | 'problem'>;

async function post(url: string, parcel: Parcel): Promise<PostAnswer> {
  try {
    const answer = await send(new URL(url), parcel);
    return await judge(answer);
  } catch (error) {
    return { status: null, problem: wordProblem(error) };
  }
}

function send(url: URL, { headers, body, addresses }: Parcel): Promise<IncomingMessage> {
  refuseForbiddenLiteral(url.hostname, addresses);
  const options: RequestOptions = {
    method: 'POST',
    headers,
    agent: false,
    lookup: checkedLookup(addresses),
    signal: AbortSignal.timeout(ANSWER_MS_MAX),
  };
  return new Promise((resolve, reject) => {
    const open = url.protocol === 'https:' ? requestHttps : requestHttp;
    const request: ClientRequest = open(url, options, resolve);
    request.on('error', reject);
    request.end(body);
  });
}

/** The status decides; the text is only for the log. */
async function judge(answer: IncomingMessage): Promise<PostAnswer> {
  const status = answer.statusCode ?? 0;
  if (status === 200 || status === 204) {
    answer.destroy();
    return { status, problem: null };
  }
  return { status, problem: `answered ${String(status)}: ${await beginningOf(answer)}`.trim() };
}

async function beginningOf(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes >= SHOWN_BYTES_MAX) break;
    }
  } catch {
    // What arrived before the connection broke is still worth showing.
  }
  answer.destroy();
  const text = Buffer.concat(chunks).subarray(0, SHOWN_BYTES_MAX).toString('utf8');
  return text.replace(/\p{Cc}/gu, ' ');
}

function wordProblem(error: unknown): string {
  if (error instanceof ForbiddenAddress)
    return `notify_url is at an address we do not call (${error.message})`;
  const code = isCoded(error) ? error.code : '';
  if (code === 'ABORT_ERR') return `no answer within ${String(ANSWER_MS_MAX / 1000)} seconds`;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'the name in notify_url is not found';
  if (code === 'ECONNREFUSED') return 'nothing listens at notify_url';
  return code === '' ? 'the connection failed' : `the connection failed (${code})`;
}

function isCoded(error: unknown): error is { code: string } {
  return (
    typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
  );
}
