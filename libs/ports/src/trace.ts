import { AsyncLocalStorage } from 'node:async_hooks';
import type { Random } from './random.js';

/** What ties everything together that one request set going, in this process and the next. */
export interface Trace {
  /** W3C Trace Context: `00-{trace id, 32 hex}-{span id, 16 hex}-{flags, 2 hex}`. */
  readonly traceparent: string;
  /** The caller's name of the request, or ours; null when no request began this. */
  readonly requestId: string | null;
  /** Where the request came from; for the audit trail, and never in a log. */
  readonly ip?: string;
}

const TRACEPARENT =
  /^((?!ff)[0-9a-f]{2})-((?!0{32})[0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})(-.*)?$/;
const TRACE_ID_BYTES = 16;
const SPAN_ID_BYTES = 8;
/** Recorded: everything is, there is no sampling. */
const FLAGS = '01';

const traces = new AsyncLocalStorage<Trace>();

/** Runs `work`, and whatever it starts, under this trace. */
export function withTrace<T>(trace: Trace, work: () => T): T {
  return traces.run(trace, work);
}

/** The trace of the request or event in hand; undefined outside of both. */
export function currentTrace(): Trace | undefined {
  return traces.getStore();
}

/** A trace of its own. */
export function newTraceparent(random: Random): string {
  return `00-${hex(random, TRACE_ID_BYTES)}-${hex(random, SPAN_ID_BYTES)}-${FLAGS}`;
}

/** The same trace one step on; a trace of its own when what came is not well-formed. */
export function childOf(traceparent: string, random: Random): string {
  const parts = partsOf(traceparent);
  if (parts === undefined) return newTraceparent(random);
  return `00-${parts.traceId}-${hex(random, SPAN_ID_BYTES)}-${parts.flags}`;
}

/** The 32 hex digits that all steps share; null when it is not well-formed. */
export function traceIdOf(traceparent: string): string | null {
  return partsOf(traceparent)?.traceId ?? null;
}

/** Version 00 is exactly this long; a later version may say more behind it. */
function partsOf(traceparent: string): { traceId: string; flags: string } | undefined {
  const [, version, traceId, flags, more] = TRACEPARENT.exec(traceparent) ?? [];
  if (traceId === undefined || flags === undefined) return undefined;
  return version === '00' && more !== undefined ? undefined : { traceId, flags };
}

/** Never all zeros, which the standard forbids: random bytes that say so are as likely as a broken generator. */
function hex(random: Random, bytes: number): string {
  const text = Buffer.from(random.bytes(bytes)).toString('hex');
  return /^0+$/.test(text) ? `${text.slice(1)}1` : text;
}
