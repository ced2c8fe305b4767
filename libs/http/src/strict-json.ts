import { Refusal } from '@stuiver/errors';

/** Deeper bodies are nobody's order; a limit here spares every later walk the worry. */
const DEPTH_MAX = 16;

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\]:]/g;
/** Names that would reach into an object's own machinery. */
const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Reads a body as one JSON object, strictly: UTF-8, no key twice, no key that names an object's prototype, no NUL and no
 * half of a surrogate pair in any text (a database refuses both).
 *
 * @throws Refusal PARAM_ERROR with field, rule and value.
 */
export function parseJsonObject(bytes: Uint8Array): Record<string, unknown> {
  const text = decodeUtf8(bytes);
  const value = parseJson(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw badBody('must be a JSON object', text);
  }
  refuseOddKeys(text);
  return value as Record<string, unknown>;
}

/** True when PostgreSQL can keep the text: no NUL, no lone surrogate. */
export function isStorableText(text: string): boolean {
  return !text.includes('\0') && !/\p{Surrogate}/u.test(text);
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw badBody('must be UTF-8 text', '');
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'unreadable';
    throw badBody(`must be valid JSON (${shorten(reason)})`, text);
  }
}

/** Walks the tokens of a text that is known to be JSON; the parser itself keeps the last of two equal keys in silence. */
function refuseOddKeys(text: string): void {
  const open: (Set<string> | null)[] = [];
  let string = '';
  for (const [token] of text.matchAll(TOKEN)) {
    if (token.startsWith('"')) string = storableString(token);
    else if (token === ':') takeKey(open.at(-1), string);
    else if (token === '}' || token === ']') open.pop();
    else if (open.push(token === '{' ? new Set() : null) > DEPTH_MAX) {
      throw badBody(`must not nest deeper than ${String(DEPTH_MAX)}`, text);
    }
  }
}

function storableString(token: string): string {
  // UTF-8 was read strictly and JSON forbids a bare NUL: only an escape can hide what cannot be stored.
  if (!token.includes('\\')) return token.slice(1, -1);
  const string = JSON.parse(token) as string;
  if (isStorableText(string)) return string;
  throw badBody('must not contain U+0000 or half of a surrogate pair', string);
}

function takeKey(keys: Set<string> | null | undefined, key: string): void {
  if (FORBIDDEN_KEYS.has(key)) throw badField(key, 'is not a known field');
  if (keys?.has(key) === true) throw badField(key, 'is given twice in one object');
  keys?.add(key);
}

function badBody(rule: string, value: string): Refusal {
  return new Refusal('PARAM_ERROR', {
    field: 'body',
    rule,
    value: shorten(value),
    location: 'body',
  });
}

function badField(field: string, rule: string): Refusal {
  return new Refusal('PARAM_ERROR', { field: shorten(field), rule, value: '', location: 'body' });
}

const SHOWN_CHARACTERS_MAX = 100;

/** A value as an error may show it: whoever sent a megabyte does not get a megabyte back. */
export function shorten(text: string): string {
  return text.length <= SHOWN_CHARACTERS_MAX ? text : `${text.slice(0, SHOWN_CHARACTERS_MAX)}…`;
}
