import type { LogFields } from '@stuiver/ports';
import { mask } from './mask.js';

/**
 * What a line may say beside its message: names of things by id, states, counts and times. A key that is not here is
 * shown with its value masked, so whoever misses it sees why; adding one is a decision that its values never hold
 * personal data or a secret.
 */
// prettier-ignore
const SAFE_KEYS: ReadonlySet<string> = new Set([
  // which thing
  'id', 'order_id', 'attempt_id', 'refund_id', 'top_up_id', 'transaction_id', 'prepay_id', 'mchid', 'appid', 'merchant_id',
  'notification_id', 'psp_event_id', 'event_id', 'command_id', 'batch_id', 'batch', 'command', 'line', 'payout_id', 'settlement_id', 'statement_id',
  'account_id', 'dispute_id', 'exception_id', 'staff_id', 'run_id', 'request_id', 'trace_id',
  // what about it
  'state', 'status', 'code', 'kind', 'type', 'event', 'outcome', 'method', 'route', 'reason', 'decision', 'rule', 'field', 'rail', 'schema', 'shard',
  'consumer', 'topic', 'partition', 'position', 'offset', 'subject', 'group', 'source', 'origin', 'transport',
  // which part of the process
  'service', 'from', 'name', 'loop', 'child', 'how', 'version', 'mode', 'money', 'host', 'port', 'pid', 'wanted', 'signal', 'metric',
  // how often, how many, how long
  'asked', 'tries', 'failures', 'deaths', 'commands', 'count', 'rows', 'size', 'bytes', 'page', 'limit', 'waiting', 'lag', 'took', 'left',
  'again', 'ms', 'seconds', 'at', 'since', 'until', 'head', 'difference_minor', 'unexplained_minor', 'row', 'watch', 'amount_minor', 'currency',
]);

export const NOT_LISTED = '[masked: key not listed]';
const CHARACTERS_MAX = 500;
const READ_CHARACTERS_MAX = 4_000;
/** Longer than any number or address: what a cut went through lies in here. */
const CUT_CHARACTERS = 200;

/** The fields of a line as they may be written. Numbers and booleans of a key that is not listed say nothing of anyone. */
export function safeFields(fields: LogFields): LogFields {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [safeText(key), safeValue(key, value)]),
  );
}

function safeValue(key: string, value: LogFields[string]): LogFields[string] {
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'number') return mask(String(value)) === String(value) ? value : '[masked]';
  return SAFE_KEYS.has(key) ? safeText(value) : NOT_LISTED;
}

/** Masked before it is cut: half a number would pass for none. */
export function safeText(text: string): string {
  const masked =
    text.length > READ_CHARACTERS_MAX
      ? mask(text.slice(0, READ_CHARACTERS_MAX)).slice(0, -CUT_CHARACTERS)
      : mask(text);
  return masked.length > CHARACTERS_MAX ? `${masked.slice(0, CHARACTERS_MAX)}…` : masked;
}
