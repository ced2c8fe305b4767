import { describe, expect, it } from '@jest/globals';
import type { AccountState } from '../domain/chart-of-accounts.js';
import { AccountCache } from './account-cache.js';
import type { Head } from './ledger-store.js';

const HEAD: Head = {
  batch: 1n,
  lastSeq: 0n,
  lastAccount: 0n,
  at: new Date(0),
  openFrom: new Date(0),
  hash: '',
};
const CAPACITY = 50_000;

function account(code: string, version = 1n): AccountState {
  return {
    id: 1n,
    code,
    currency: 'EUR',
    normalSide: 'credit',
    floor: 'none',
    owner: 'operator',
    balance: 0n,
    version,
    held: 0n,
    terms: null,
    limits: null,
  };
}

const names = (count: number, prefix = 'a'): string[] =>
  Array.from({ length: count }, (_, n) => `${prefix}${String(n)}`);

describe('the account cache', () => {
  it('remembers what exists and what does not', () => {
    const cache = new AccountCache();
    expect(cache.missing(['a', 'b', 'a'])).toEqual(['a', 'b']);
    cache.learn(HEAD, ['a', 'b'], [account('a')]);
    expect(cache.missing(['a', 'b', 'c'])).toEqual(['c']);
    expect([...cache.pick(['a', 'b']).keys()]).toEqual(['a']);
  });

  it('knows an account as the last batch left it', () => {
    const cache = new AccountCache();
    cache.learn(HEAD, ['a'], [account('a')]);
    cache.advance({ ...HEAD, batch: 2n }, new Map([['a', account('a', 2n)]]));
    expect(cache.pick(['a']).get('a')?.version).toBe(2n);
    expect(cache.head?.batch).toBe(2n);
  });

  it('forgets what was used longest ago, and nothing that a batch relies on', () => {
    const cache = new AccountCache();
    const old = names(CAPACITY);
    cache.learn(
      HEAD,
      old,
      old.map((code) => account(code)),
    );
    const batch = ['a0', ...names(400, 'b')];
    const missing = cache.missing(batch);
    expect(missing).toHaveLength(400);
    cache.learn(HEAD, missing, []);
    expect(cache.pick(batch).get('a0')).toBeDefined();
    expect(cache.missing(['a0', 'a1', 'a400', 'a401'])).toEqual(['a1', 'a400']);
  });

  it('never takes an account it did not look up for one that is not there', () => {
    const cache = new AccountCache();
    cache.learn(HEAD, ['a'], []);
    expect(() => cache.pick(['a', 'b'])).toThrow('looked up');
  });

  it('knows nothing once dropped', () => {
    const cache = new AccountCache();
    cache.learn(HEAD, ['a'], [account('a')]);
    cache.drop();
    expect(cache.head).toBeUndefined();
    expect(cache.missing(['a'])).toEqual(['a']);
  });
});
