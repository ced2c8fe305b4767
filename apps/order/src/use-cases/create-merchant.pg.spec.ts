import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PostgresAuditTrail } from '@stuiver/audit';
import { openFileKeyStore } from '@stuiver/key-store-file';
import { type KeyStore, SystemClock, SystemRandom } from '@stuiver/ports';
import type { Database } from '@stuiver/postgres';
import { type TestDatabase, testDatabase } from '@stuiver/testing';
import { PostgresMerchants } from '../adapters/postgres/merchants.js';
import { PostgresMiniPrograms } from '../adapters/postgres/mini-programs.js';
import { newMerchantKey } from '../testing/signing-merchant.js';
import { CreateMerchant } from './create-merchant.js';
import { RegisterMiniProgram } from './register-mini-program.js';

const tools = { clock: new SystemClock(), random: new SystemRandom() };
let dir: string;
let db: TestDatabase;
let orders: Database;
let keys: KeyStore;
let merchants: PostgresMerchants;
let createMerchant: CreateMerchant;
let registerMiniProgram: RegisterMiniProgram;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'merchants-'));
  keys = await openFileKeyStore({ dir, ...tools });
  db = await testDatabase();
  orders = await db.open('orders');
  const trail = new PostgresAuditTrail('orders', tools.clock);
  merchants = new PostgresMerchants(orders, keys, { ...tools, trail });
  createMerchant = new CreateMerchant(merchants, keys, tools, { run: () => Promise.resolve(null) });
  registerMiniProgram = new RegisterMiniProgram(
    new PostgresMiniPrograms(orders, keys, trail),
    tools,
  );
}, 60_000);

afterAll(async () => {
  await db.close();
  await rm(dir, { recursive: true });
});

describe('CreateMerchant', () => {
  it('gives the same answer to the same request, also many times at once', async () => {
    const { csrPem } = await newMerchantKey();
    const request = { name: 'Café', csrPem, mchid: null, apiV3Key: null };
    const answers = await Promise.all([1, 2, 3].map(() => createMerchant.run(request)));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]?.mchid).toMatch(/^[1-9]\d{9}$/);
    expect(answers[0]?.apiV3Key).toMatch(/^[0-9a-f]{32}$/);
  });

  it('keeps secrets sealed and keys findable by serial number', async () => {
    const { csrPem } = await newMerchantKey();
    const made = await createMerchant.run({ name: 'Sealed', csrPem, mchid: null, apiV3Key: null });
    const [row] = await orders.query<{ sealed: Buffer }>(
      'select api_v3_key_sealed as sealed from orders.merchant where mchid = $1',
      [made.mchid],
    );
    expect(row?.sealed.includes(Buffer.from(made.apiV3Key))).toBe(false);
    expect(await merchants.apiV3Key(made.mchid)).toBe(made.apiV3Key);
    expect(await merchants.signer(made.mchid, made.serialNo)).toMatchObject({ mchid: made.mchid });
    expect(await merchants.signer(made.mchid, 'ABC')).toBe('no certificate');
    expect(await merchants.signer('19999999', made.serialNo)).toBe('no merchant');
  });

  it('adds a further key to a named merchant, and gives no key two owners', async () => {
    const [first, second] = await Promise.all([newMerchantKey(), newMerchantKey()]);
    const base = { name: 'Rotates', mchid: '1900000077', apiV3Key: null };
    const one = await createMerchant.run({ ...base, csrPem: first.csrPem });
    const two = await createMerchant.run({ ...base, csrPem: second.csrPem });
    expect(two.apiV3Key).toBe(one.apiV3Key);
    for (const { serialNo } of [one, two]) {
      expect(await merchants.signer('1900000077', serialNo)).toMatchObject({ mchid: '1900000077' });
    }
    await expect(
      createMerchant.run({ ...base, mchid: '1900000078', csrPem: first.csrPem }),
    ).rejects.toMatchObject({
      code: 'STATE_CONFLICT',
      facts: { field: 'csr_pem' },
    });
  });

  it('takes a chosen APIv3 key, also later', async () => {
    const { csrPem } = await newMerchantKey();
    const request = { name: 'Chooses', csrPem, mchid: '1900000079', apiV3Key: null };
    await createMerchant.run(request);
    const chosen = await createMerchant.run({ ...request, apiV3Key: 'a'.repeat(32) });
    expect(chosen.apiV3Key).toBe('a'.repeat(32));
    expect((await createMerchant.run(request)).apiV3Key).toBe('a'.repeat(32));
  });
});

describe('RegisterMiniProgram', () => {
  const program = {
    name: 'Café',
    description: 'Coffee',
    originKind: 'packaged',
    source: 'cafe',
  } as const;

  it('keeps appid and secret over repeats, found by appid or by source', async () => {
    const { csrPem } = await newMerchantKey();
    const { mchid } = await createMerchant.run({ name: 'M', csrPem, mchid: null, apiV3Key: null });
    const made = await registerMiniProgram.run({ ...program, mchid, appid: null });
    expect(made.appid).toMatch(/^wx[0-9a-f]{16}$/);
    expect(await registerMiniProgram.run({ ...program, mchid, appid: null })).toEqual(made);
    expect(
      await registerMiniProgram.run({ ...program, mchid, appid: made.appid, source: 'moved' }),
    ).toEqual(made);
  });

  it('refuses an unknown merchant and another merchant’s appid', async () => {
    const [one, two] = await Promise.all(
      ['1900000081', '1900000082'].map(async (mchid) =>
        createMerchant.run({
          name: 'M',
          csrPem: (await newMerchantKey()).csrPem,
          mchid,
          apiV3Key: null,
        }),
      ),
    );
    await expect(
      registerMiniProgram.run({ ...program, mchid: '1999999999', appid: null }),
    ).rejects.toMatchObject({
      code: 'MCH_NOT_EXISTS',
    });
    await registerMiniProgram.run({ ...program, mchid: one?.mchid ?? '', appid: 'wxshared01' });
    await expect(
      registerMiniProgram.run({ ...program, mchid: two?.mchid ?? '', appid: 'wxshared01' }),
    ).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
  });
});
