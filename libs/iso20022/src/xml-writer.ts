import { invariant } from '@stuiver/errors';

/** What XML 1.0 cannot carry, not even escaped. */
// eslint-disable-next-line no-control-regex -- these are meant
const IMPOSSIBLE = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|\p{Surrogate}/u;

/** `<name>text</name>`, escaped; nothing for null. */
export function leaf(name: string, text: string | null): string {
  return text === null ? '' : `<${name}>${escaped(text)}</${name}>`;
}

/** `<name>…</name>` around what is already XML; nothing when there is none of it. */
export function wrap(name: string, ...inner: readonly string[]): string {
  const content = inner.join('');
  return content === '' ? '' : `<${name}>${content}</${name}>`;
}

function escaped(text: string): string {
  invariant(!IMPOSSIBLE.test(text), 'the text can stand in XML');
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('\r', '&#13;');
}
