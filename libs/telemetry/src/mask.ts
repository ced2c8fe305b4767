import { isCardNumber, maskIbans } from './numbers.js';

/** Shapes that no log line may carry, each with what stands in its place. Order matters: a key block holds the others. */
const SHAPES: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  [/-----BEGIN [A-Z0-9 ]*-----[\s\S]*?(?:-----END [A-Z0-9 ]*-----|$)/g, '[masked: key]'],
  [/\b(?:bearer|basic)\s+[\w~+/.=-]+/gi, '[masked: credential]'],
  // Stripe's keys and signing secrets, and ours, which follow them.
  [/\b(?:sk|rk|pk|ek|whsec)_[A-Za-z0-9_]{6,}/g, '[masked: credential]'],
  [/\beyJ[\w-]+\.[\w-]+(?:\.[\w-]*){0,3}/g, '[masked: credential]'],
  // Whose password it is goes with it; the host may be read.
  [/\b([a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/]+@/gi, '$1[masked]@'],
  [/[^\s@<>"(),;:[\]]+@[^\s@<>"(),;:[\]]+/g, '[masked: address]'],
];

/** Groups of digits as people write card numbers: one space or dash between them. */
const DIGIT_GROUPS = /\d+(?:[ -]\d+)*/g;

/** The same text without bank account numbers, card numbers, mail addresses, credentials and keys. */
export function mask(text: string): string {
  let masked = text;
  for (const [pattern, replacement] of SHAPES) masked = masked.replace(pattern, replacement);
  return maskIbans(masked).replace(DIGIT_GROUPS, maskCards);
}

/** Other groups may stand before and behind: every row of whole groups is tried, from the longest. */
function maskCards(found: string): string {
  const groups = found.split(/[ -]/);
  for (let from = 0; from < groups.length; from += 1) {
    for (let to = groups.length; to > from; to -= 1) {
      if (!isCardNumber(groups.slice(from, to).join(''))) continue;
      const [before, after] = [groups.slice(0, from), groups.slice(to)];
      const rest = after.length === 0 ? [] : [maskCards(after.join(' '))];
      return [...before, '[masked: number]', ...rest].join(' ');
    }
  }
  return found;
}
