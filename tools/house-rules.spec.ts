import { describe, expect, it } from '@jest/globals';
import { Linter } from 'eslint';
import tseslint from 'typescript-eslint';
import * as rules from './house-rules.mjs';

const linter = new Linter();

function messagesOn(code: string): readonly string[] {
  const bans = Object.values(rules)
    .flat()
    .map(({ selector, message }) => ({ selector, message }));
  return linter
    .verify(code, {
      languageOptions: { parser: tseslint.parser },
      rules: { 'no-restricted-syntax': ['error', ...bans] },
    })
    .map(({ message }) => message);
}

describe('the ban list', () => {
  it.each(Object.values(rules).flat())('reports $breaks', ({ breaks, message }) => {
    expect(messagesOn(breaks)).toEqual([message]);
  });

  it.each([
    'new Date(0);',
    'Number(port);',
    'class Orders { open(@ValidBody(Open) body: Open) { } }',
    "it('pays once', () => {});",
    'const balanceOf = Number(index);',
  ])('lets %s through', (code) => {
    expect(messagesOn(code)).toEqual([]);
  });
});
