import type { PaymentParameters } from './checkout-api.js';

/** A call from a mini-program, checked: who it comes from is decided by the port, never by what it says. */
export interface RpcCall {
  readonly id: number;
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
}

export interface RpcError {
  readonly code: number;
  readonly message: string;
}

export const INVALID_REQUEST: RpcError = { code: -32600, message: 'invalid request' };
export const UNKNOWN_METHOD: RpcError = { code: -32601, message: 'not supported' };
export const REFUSED = -32000;
export const TOO_MANY: RpcError = { code: REFUSED, message: 'too many calls' };

const METHOD_CHARACTERS_MAX = 64;
const PARAMS_MAX = 16;
const VALUE_CHARACTERS_MAX = 2_048;
const CALLS_PER_WINDOW_MAX = 60;
const WINDOW_MS = 10_000;

/** @returns the call, or undefined when the message is none. Parameters are flat, few and short. */
export function readCall(data: unknown): RpcCall | undefined {
  if (!isRecord(data)) return undefined;
  const { jsonrpc, id, method, params } = data;
  if (jsonrpc !== '2.0' || typeof id !== 'number' || !Number.isSafeInteger(id)) return undefined;
  if (typeof method !== 'string' || method.length > METHOD_CHARACTERS_MAX) return undefined;
  if (!isRecord(params) || !isSmall(params)) return undefined;
  return { id, method, params };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isSmall(params: Readonly<Record<string, unknown>>): boolean {
  const values = Object.values(params);
  if (values.length > PARAMS_MAX) return false;
  return values.every(
    (value) =>
      value === undefined ||
      typeof value === 'number' ||
      typeof value === 'boolean' ||
      (typeof value === 'string' && value.length <= VALUE_CHARACTERS_MAX),
  );
}

/** The five of `wx.requestPayment`, and the longest each may be on our wire. */
const PAYMENT_FIELDS = {
  timeStamp: 20,
  nonceStr: 32,
  package: 128,
  signType: 20,
  paySign: 1_024,
} as const satisfies Record<keyof PaymentParameters, number>;

/** @returns the five and nothing else, or what is wrong with one of them. */
export function readPayment(
  params: Readonly<Record<string, unknown>>,
): { readonly parameters: PaymentParameters } | { readonly wrong: string } {
  const read: Partial<Record<keyof PaymentParameters, string>> = {};
  for (const [field, charactersMax] of Object.entries(PAYMENT_FIELDS)) {
    const value = params[field];
    if (typeof value !== 'string' || value === '')
      return { wrong: `parameter error: parameter.${field} should be a string` };
    if (value.length > charactersMax)
      return { wrong: `parameter error: parameter.${field} is longer than ${charactersMax}` };
    read[field as keyof PaymentParameters] = value;
  }
  return { parameters: read as PaymentParameters };
}

/** A page that calls in a loop must not keep the host busy. */
export class CallLimit {
  private begun = 0;
  private count = 0;

  /** @param nowMs  any clock that only goes forward. */
  allows(nowMs: number): boolean {
    if (nowMs - this.begun > WINDOW_MS) {
      this.begun = nowMs;
      this.count = 0;
    }
    this.count += 1;
    return this.count <= CALLS_PER_WINDOW_MAX;
  }
}
