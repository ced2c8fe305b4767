import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { codesEn } from './code-words-en.js';
import { codesNl } from './code-words-nl.js';
import { en } from './words-en.js';
import { monthsEn } from './month-words-en.js';
import { monthsNl } from './month-words-nl.js';
import { notificationsEn } from './notification-words-en.js';
import { notificationsNl } from './notification-words-nl.js';
import { pricesEn } from './price-words-en.js';
import { pricesNl } from './price-words-nl.js';
import { supportEn } from './support-words-en.js';
import { supportNl } from './support-words-nl.js';
import { termsEn } from './terms-words-en.js';
import { termsNl } from './terms-words-nl.js';
import { writeOffsEn } from './write-off-words-en.js';
import { writeOffsNl } from './write-off-words-nl.js';
import { nl } from './words-nl.js';

type Texts = Readonly<Record<string, string>>;

const SOURCES = readdirSync(import.meta.dirname, { encoding: 'utf8' })
  .filter((name) => /\.tsx?$/.test(name) && !name.includes('words'))
  .map((name) => readFileSync(join(import.meta.dirname, name), 'utf8'))
  .join('\n');

describe('the words of the consoles', () => {
  it.each<[string, Texts, Texts]>([
    ['everywhere', nl, en],
    ['about prices', pricesNl, pricesEn],
    ['about settlement', termsNl, termsEn],
    ['about months', monthsNl, monthsEn],
    ['about notifications', notificationsNl, notificationsEn],
    ['about support', supportNl, supportEn],
    ['about write-offs', writeOffsNl, writeOffsEn],
  ])(
    'are there in both languages, none empty, with the same places to fill: %s',
    (_of, one, other) => {
      expect(Object.keys(other)).toEqual(Object.keys(one));
      const holes = (text = ''): string[] => (text.match(/\{\w+\}/g) ?? []).sort();
      for (const key of Object.keys(one)) {
        expect([key, one[key] !== '', holes(other[key])]).toEqual([key, true, holes(one[key])]);
      }
    },
  );

  it('are all used', () => {
    const unused = Object.keys(nl).filter(
      (key) => !new RegExp(`\\b(w|cw\\.value)\\.${key}\\b`).test(SOURCES),
    );
    expect(unused).toEqual([]);
    const [states, used] = [['proposed', 'approved', 'rejected'], /\bp(?:w\.value)?\.(\w+)/g];
    const named = new Set([...SOURCES.matchAll(used)].map(([, key]) => key).concat(states));
    expect(Object.keys(pricesNl).filter((key) => !named.has(key))).toEqual([]);
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
