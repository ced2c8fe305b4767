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
export const TOO_MANY: RpcError = { code: -32000, message: 'too many calls' };

const CALL_CHARACTERS_MAX = 16_384;
const CALLS_PER_WINDOW_MAX = 60;
const WINDOW_MS = 10_000;

/** @returns the call, or undefined when the message is none. */
export function readCall(data: unknown): RpcCall | undefined {
  if (typeof data !== 'object' || data === null) return undefined;
  const { jsonrpc, id, method, params } = data as Readonly<Record<string, unknown>>;
  if (jsonrpc !== '2.0' || !Number.isSafeInteger(id) || typeof method !== 'string')
    return undefined;
  if (typeof params !== 'object' || params === null || Array.isArray(params)) return undefined;
  if (JSON.stringify(params).length > CALL_CHARACTERS_MAX) return undefined;
  return { id: id as number, method, params: params as Readonly<Record<string, unknown>> };
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
