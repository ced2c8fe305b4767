import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Database } from '@stuiver/postgres';
import { type TestDatabase, testDatabase } from '@stuiver/testing';
import { PostgresNonces } from './nonces.js';

let db: TestDatabase;
let orders: Database;
let nonces: PostgresNonces;
const now = new Date('2026-11-23T10:00:00Z');
const ONE = Buffer.alloc(32, 1);
const OTHER = Buffer.alloc(32, 2);

beforeAll(async () => {
  db = await testDatabase();
  orders = await db.open('orders');
  nonces = new PostgresNonces(orders);
}, 60_000);

afterAll(() => db.close());

describe('a nonce', () => {
  it('is good for its own request as often as that comes, and for no other', async () => {
    const use = { mchid: '1900000001', nonce: 'n1', fingerprint: ONE, now };
    expect(await nonces.take(use)).toBe(true);
    expect(await nonces.take(use)).toBe(true);
    expect(await nonces.take({ ...use, fingerprint: OTHER })).toBe(false);
    expect(await nonces.take({ ...use, mchid: '1900000002', fingerprint: OTHER })).toBe(true);
  });

  it('is won by one of many requests at once', async () => {
    const uses = Array.from({ length: 20 }, (_, index) =>
      nonces.take({
        mchid: '1900000001',
        nonce: 'race',
        fingerprint: Buffer.alloc(32, index),
        now,
      }),
    );
    expect((await Promise.all(uses)).filter(Boolean)).toHaveLength(1);
  });

  it('is the same for the same request many times at once', async () => {
    const uses = Array.from({ length: 20 }, () =>
      nonces.take({ mchid: '1900000001', nonce: 'twins', fingerprint: ONE, now }),
    );
    expect(await Promise.all(uses)).toEqual(Array.from({ length: 20 }, () => true));
  });

  it('is forgotten when a repeat would be refused for its age', async () => {
    const use = { mchid: '1900000001', nonce: 'old', fingerprint: ONE, now };
    await nonces.take(use);
    await nonces.forget(new Date(now.getTime() + 14 * 60_000));
    expect(await nonces.take({ ...use, fingerprint: OTHER })).toBe(false);
    await nonces.forget(new Date(now.getTime() + 16 * 60_000));
    expect(await nonces.take({ ...use, fingerprint: OTHER })).toBe(true);
  });
});
