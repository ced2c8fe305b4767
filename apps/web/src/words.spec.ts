import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { WORDS } from './words.js';

const SOURCES = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.tsx?$/.test(name) && !name.includes('words'))
  .map((name) => readFileSync(join(import.meta.dirname, name), 'utf8'))
  .join('\n');
/** Named by what the server sends, not by our own text. */
const BY_DATA = ['payment', 'refund', 'top_up', 'ideal', 'card', 'wallet'];

describe('the words of the host app', () => {
  it('are there in every language, none empty', () => {
    expect(Object.keys(WORDS.en)).toEqual(Object.keys(WORDS.nl));
    expect(
      Object.values(WORDS)
        .flatMap((texts) => Object.values(texts))
        .every((text) => text !== ''),
    ).toBe(true);
  });

  it('are all used', () => {
    const unused = Object.keys(WORDS.nl).filter(
      (key) =>
        !BY_DATA.includes(key) &&
        !new RegExp(`\\b(w|words\\.value|WORDS\\[language\\])\\.${key}\\b`).test(SOURCES),
    );
    expect(unused).toEqual([]);
  });
});
