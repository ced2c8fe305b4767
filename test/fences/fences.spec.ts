import { createRequire } from 'node:module';
import { basename } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { type Breach, cruisePlanted, RULES } from './planted-tree.js';

const CRUISE_MS_MAX = 60_000;
const { forbidden } = createRequire(import.meta.url)(RULES) as { forbidden: { name: string }[] };

describe('the import fences', () => {
  let breaches: readonly Breach[];

  beforeAll(async () => {
    breaches = await cruisePlanted();
  }, CRUISE_MS_MAX);

  it.each(forbidden.map(({ name }) => name))('report a planted breach of %s', (name) => {
    const reported = breaches.filter(({ rule }) => rule.name === name);
    expect(reported.map(({ from }) => basename(from, '.ts'))).toContain(name);
  });

  it('see a package and an npm module alike', () => {
    const reported = breaches.filter(({ rule }) => rule.name === 'domain-is-pure');
    expect(reported.map(({ from }) => from).sort()).toEqual([
      'apps/order/src/domain/bus/domain-is-pure.ts',
      'apps/order/src/domain/domain-is-pure.ts',
    ]);
  });

  it('let through what is allowed', () => {
    const innocent = ['allowed.ts', 'main.ts', 'index.ts', 'pay.ts', 'rows.ts'];
    expect(breaches.filter(({ from }) => innocent.includes(basename(from)))).toEqual([]);
  });
});
