import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { PostgresBus } from '@stuiver/bus';
import { paymentCommand } from '@stuiver/contracts';
import { createHttpApp } from '@stuiver/http';
import { NoCrashPoints, SilentLog, SystemClock, SystemRandom } from '@stuiver/ports';
import { testDatabase, type TestDatabase } from '@stuiver/testing';
import { createLedger } from '../../create-ledger.js';
import { LedgerModule } from '../../ledger.module.js';

const TOKEN = 'operator-secret';
const PENDING = 'merchant:1900000001:pending';

describe('the operator’s view of the ledger', () => {
  let db: TestDatabase;
  let app: NestFastifyApplication;
  let url: string;

  beforeAll(async () => {
    db = await testDatabase();
    const log = new SilentLog();
    const bus = new PostgresBus({ pool: (await db.open('bus')).pool, log });
    const ledger = createLedger({
      database: await db.open('ledger'),
      bus,
      clock: new SystemClock(),
      log,
      crash: new NoCrashPoints(),
    });
    app = await createHttpApp(LedgerModule.with({ ledger, operatorToken: TOKEN }), {
      log,
      random: new SystemRandom(),
    });
    await app.listen(0, '127.0.0.1');
    url = await app.getUrl();
    for (const attemptId of [randomUUID(), randomUUID()]) {
      await ledger.port.submit(
        paymentCommand({
          orderId: 'ord_1',
          attemptId,
          merchantId: '1900000001',
          funds: { kind: 'psp', psp: 'stripe', account: null },
          method: 'ideal',
          amountMinor: '1000',
          feeMinor: '19',
          currency: 'EUR',
          pspReference: 'pi_1',
          succeededAt: '2026-11-23T10:00:00Z',
        }),
      );
    }
  });
  afterAll(async () => {
    await app.close();
    await db.close();
  });

  const get = async (path: string, token = TOKEN): Promise<{ status: number; body: unknown }> => {
    const response = await fetch(`${url}/operator/ledger${path}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    return { status: response.status, body: await response.json() };
  };

  it('shows an account', async () => {
    expect(await get(`/accounts/${encodeURIComponent(PENDING)}`)).toEqual({
      status: 200,
      body: {
        account: PENDING,
        currency: 'EUR',
        normalSide: 'credit',
        balanceMinor: '1962',
        heldMinor: '0',
        version: '4',
      },
    });
  });

  it('shows a statement page by page', async () => {
    const first = await get(`/accounts/${PENDING}/statement?limit=3`);
    expect(first).toMatchObject({
      status: 200,
      body: { lines: [{ version: '1' }, { version: '2' }, { version: '3' }] },
    });
    expect(await get(`/accounts/${PENDING}/statement?after=3`)).toMatchObject({
      body: {
        lines: [
          {
            version: '4',
            side: 'debit',
            amountMinor: '19',
            balanceAfterMinor: '1962',
            counterAccount: 'fees:income',
          },
        ],
      },
    });
  });

  it('shows that debits equal credits', async () => {
    expect(await get('/trial-balance')).toMatchObject({
      status: 200,
      body: {
        debitMinor: '2000',
        creditMinor: '2000',
        differenceMinor: '0',
        accounts: [
          { account: 'fees:income' },
          { account: 'psp:stripe:balance' },
          { account: PENDING },
        ],
      },
    });
  });

  it.each([
    { path: '/accounts/user:usr_x:wallet', status: 404, body: { code: 'NOT_FOUND' } },
    {
      path: '/accounts/no%20account',
      status: 400,
      body: { code: 'PARAM_ERROR', facts: { field: 'account' } },
    },
    {
      path: `/accounts/${PENDING}/statement?limit=0`,
      status: 400,
      body: { code: 'PARAM_ERROR', facts: { field: 'limit' } },
    },
    {
      path: `/accounts/${PENDING}/statement?limit=1001`,
      status: 400,
      body: { code: 'PARAM_ERROR', facts: { field: 'limit' } },
    },
    {
      path: `/accounts/${PENDING}/statement?after=-1`,
      status: 400,
      body: { code: 'PARAM_ERROR', facts: { field: 'after' } },
    },
    {
      path: `/accounts/${PENDING}/statement?before=1`,
      status: 400,
      body: { code: 'PARAM_ERROR', facts: { field: 'before' } },
    },
  ])('answers $path with $status', async ({ path, status, body }) => {
    expect(await get(path)).toMatchObject({ status, body });
  });

  it.each(['/trial-balance', `/accounts/${PENDING}`, `/accounts/${PENDING}/statement`])(
    'keeps %s from strangers',
    async (path) => {
      expect(await get(path, 'guess')).toMatchObject({
        status: 401,
        body: { code: 'NOT_SIGNED_IN' },
      });
    },
  );
});
