import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { PostgresBus } from '@stuiver/bus';
import type { LedgerCommand } from '@stuiver/contracts';
import { createHttpApp } from '@stuiver/http';
import { openFileKeyStore } from '@stuiver/key-store-file';
import { HttpLedger } from '@stuiver/ledger-client';
import { NoCrashPoints, SilentLog, SystemClock, SystemRandom } from '@stuiver/ports';
import { verifyReceipt } from '@stuiver/proof';
import { testDatabase, type TestDatabase } from '@stuiver/testing';
import { createLedger } from '../../create-ledger.js';
import { LedgerModule } from '../../ledger.module.js';

const CREDENTIALS = { order: 'o'.repeat(40), payout: 'p'.repeat(40) } as const;
const common = { effectiveAt: '2026-11-23T10:00:00.000Z', currency: 'EUR' } as const;
const ANNA = 'user:usr_anna';
const BO = 'user:usr_bo';

describe('receipts for other services', () => {
  let db: TestDatabase;
  let app: NestFastifyApplication;
  let dir: string;
  let publicKeyPem: string;
  let order: HttpLedger;
  let payout: HttpLedger;

  beforeAll(async () => {
    db = await testDatabase();
    dir = await mkdtemp(join(tmpdir(), 'keys-'));
    const [clock, random, log] = [new SystemClock(), new SystemRandom(), new SilentLog()];
    const keys = await openFileKeyStore({ dir, clock, random });
    ({ publicKeyPem } = await keys.checkpointKey());
    const database = await db.open('ledger');
    const bus = new PostgresBus({ pool: (await db.open('bus')).pool, log });
    const crash = new NoCrashPoints();
    const ledger = createLedger({ database, bus, clock, log, crash, keys });
    const module = LedgerModule.with({ ledger, operatorToken: 'x', credentials: CREDENTIALS });
    app = await createHttpApp(module, { log, random, behindProxy: false });
    await app.listen(0, '127.0.0.1');
    const urls = [await app.getUrl()];
    const as = (credential: string): HttpLedger => new HttpLedger({ urls, credential, log });
    order = as(`order:${CREDENTIALS.order}`);
    payout = as(`payout:${CREDENTIALS.payout}`);
    await order.submit(topUp('usr_anna'));
    await order.submit(topUp('usr_bo'));
  }, 60_000);
  afterAll(async () => {
    order.close();
    payout.close();
    await app.close();
    await db.close();
    await rm(dir, { recursive: true });
  });

  function topUp(userId: string): LedgerCommand {
    const id = randomUUID();
    return {
      kind: 'top-up',
      id,
      topUpId: id,
      userId,
      psp: 'stripe',
      amountMinor: '1000',
      ...common,
    };
  }

  async function submitted(command: LedgerCommand): Promise<string> {
    const { outcome } = await order.submit(command);
    expect(outcome).toBe('posted');
    return command.id;
  }

  it('hold when they come over HTTP, and are for one owner', async () => {
    const id = await submitted(topUp('usr_anna'));
    const receipt = await order.receipt(id, { owner: ANNA, purposes: [] });
    const steps = await verifyReceipt(receipt, publicKeyPem);
    expect(steps.every(({ holds }) => holds)).toBe(true);
    const other = order.receipt(id, { owner: BO, purposes: [] });
    await expect(other).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const unknown = order.receipt(randomUUID(), { owner: ANNA, purposes: [] });
    await expect(unknown).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('are no business of a service that may not look at that owner', async () => {
    const id = await submitted(topUp('usr_anna'));
    const strange = payout.receipt(id, { owner: ANNA, purposes: [] });
    await expect(strange).rejects.toMatchObject({ code: 'NO_AUTH' });
    const bad = order.receipt(id, { owner: 'fees:income', purposes: [] });
    await expect(bad).rejects.toMatchObject({ code: 'PARAM_ERROR' });
  });

  it('are not made for who would read in them of another’s hold', async () => {
    const id = await submitted({
      ...{ kind: 'transfer-chain', id: randomUUID(), ...common },
      steps: [
        {
          ...{ do: 'transfer', purpose: 'gift', take: 'exactly', amountMinor: '10' },
          ...{ debit: `${ANNA}:wallet`, credit: `${BO}:wallet` },
        },
        { do: 'place', account: `${ANNA}:wallet`, amountMinor: '5', expiresAt: null },
      ],
    });
    const own = await order.receipt(id, { owner: ANNA, purposes: [] });
    expect(own.command.also['answer']).toContain(`${ANNA}:wallet`);
    const other = order.receipt(id, { owner: BO, purposes: [] });
    await expect(other).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('are of users and merchants: who asks for orders closes users’ accounts and no other', async () => {
    const closing = (account: string): LedgerCommand => ({
      ...{ kind: 'account-set', id: randomUUID(), account, state: 'closed', ...common },
    });
    await expect(order.submit(closing('user:usr_c:wallet'))).resolves.toMatchObject({
      outcome: 'posted',
    });
    const merchant = order.submit(closing('merchant:1900000001:reserve'));
    await expect(merchant).rejects.toMatchObject({ code: 'NO_AUTH' });
  });
});
