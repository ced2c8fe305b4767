import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { codesEn } from './code-words-en.js';
import { codesNl } from './code-words-nl.js';
import { en } from './words-en.js';
import { nl } from './words-nl.js';

const SOURCES = readdirSync(import.meta.dirname, { encoding: 'utf8' })
  .filter((name) => /\.tsx?$/.test(name) && !name.includes('words'))
  .map((name) => readFileSync(join(import.meta.dirname, name), 'utf8'))
  .join('\n');

describe('the words of the consoles', () => {
  it('are there in both languages, none empty, with the same places to fill', () => {
    expect(Object.keys(en)).toEqual(Object.keys(nl));
    const holes = (text: string): string[] => (text.match(/\{\w+\}/g) ?? []).sort();
    for (const key of Object.keys(nl) as (keyof typeof nl)[]) {
      expect([key, nl[key] !== '', holes(en[key])]).toEqual([key, true, holes(nl[key])]);
    }
  });

  it('are all used', () => {
    const unused = Object.keys(nl).filter(
      (key) => !new RegExp(`\\b(w|cw\\.value)\\.${key}\\b`).test(SOURCES),
    );
    expect(unused).toEqual([]);
  });

  it('have every code in both languages', () => {
    expect(Object.keys(codesEn)).toEqual(Object.keys(codesNl));
    for (const family of Object.keys(codesNl) as (keyof typeof codesNl)[]) {
      expect([family, Object.keys(codesEn[family])]).toEqual([
        family,
        Object.keys(codesNl[family]),
      ]);
      expect(Object.values(codesNl[family]).every((text) => text !== '')).toBe(true);
    }
  });
});
