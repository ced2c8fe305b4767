import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type {
  BatchDetail,
  MerchantPayee,
  Page,
  PayeeChangeDetail,
  PayeeChangeSummary,
} from '@stuiver/console-api';
import { ConsoleApp } from '../../testing/console-app.js';
import { IBAN, ONE, TWO } from '../../testing/payout-world.js';

const OTHER_IBAN = 'DE89370400440532013000';
const DAY_MS = 86_400_000;
const WANTED = { name: 'Café Een', iban: OTHER_IBAN };

let desk: ConsoleApp;
beforeAll(async () => {
  desk = await ConsoleApp.start();
}, 60_000);
afterAll(() => desk.close());

const shown = async (id: string): Promise<PayeeChangeDetail> =>
  (await desk.bram<PayeeChangeDetail>('GET', `finance/payee-changes/${id}`)).body;

describe('another account, from the merchant’s page to the payment file', () => {
  let id: string;

  it('is asked for by the merchant’s people, and by nobody else’s', async () => {
    const path = `merchants/${ONE}/payee`;
    const asked = await desk.mira<MerchantPayee>('POST', `${path}/changes`, WANTED);
    expect(asked).toMatchObject({
      status: 200,
      body: { payee: { ibanLast4: IBAN.slice(-4) }, change: { state: 'asked', useFrom: null } },
    });
    id = asked.body.change?.payeeChangeId ?? '';
    expect((await desk.mira('GET', `merchants/${TWO}/payee`)).status).toBe(404);
    expect((await desk.mira('POST', `merchants/${TWO}/payee/changes`, WANTED)).status).toBe(404);
    expect((await desk.mira('GET', `finance/payee-changes/${id}`)).status).toBe(403);
    expect((await desk.olga('POST', `finance/payee-changes/${id}/refuse`, {})).status).toBe(403);
  });

  it('waits on the list of finance, with what is now beside what is wanted', async () => {
    const list = await desk.bram<Page<PayeeChangeSummary>>(
      ...(['GET', 'finance/payee-changes?state=open'] as const),
    );
    expect(list.body.items.map(({ payeeChangeId }) => payeeChangeId)).toEqual([id]);
    expect(await shown(id)).toMatchObject({
      ...{ present: { iban: IBAN }, wanted: WANTED, mayApprove: true, past: [] },
    });
  });

  it('is approved with what the bank says of the name, and says from when it counts', async () => {
    const { detailsSha256 } = await shown(id);
    const path = `finance/payee-changes/${id}/approve`;
    const unfit = await desk.bram('POST', path, { detailsSha256, payeeCheck: 'RVNM' });
    expect(unfit.status).toBe(400);
    const approved = await desk.bram<PayeeChangeDetail>('POST', path, {
      ...{ detailsSha256, payeeCheck: 'RVMC' },
    });
    expect(approved.body).toMatchObject({ state: 'approved', payeeCheck: 'RVMC' });
    const own = await desk.mira<MerchantPayee>('GET', `merchants/${ONE}/payee`);
    const inOneDay = new Date(desk.world.clock.now().getTime() + DAY_MS).toISOString();
    expect(own.body.change?.useFrom).toBe(inOneDay);
  });

  it('is marked in the file that pays there first', async () => {
    desk.world.clock.advance(DAY_MS);
    await desk.world.parts.payeeChanges.use.run();
    await desk.settle(ONE, 1000n);
    const { body } = await desk.anna<BatchDetail>('POST', 'finance/batches', {});
    expect(body).toMatchObject({
      ...{ checkersNeeded: 1, approvals: [] },
      prefunding: { missingMinor: '0', approvedBy: null },
      changedPayees: [{ merchantId: ONE, ibanLast4: '3000', beforeLast4: IBAN.slice(-4) }],
    });
  });
});

describe('another account that finance asks for', () => {
  it('is approved by somebody else of finance, and may be withdrawn', async () => {
    const wanted = { ...WANTED, mchid: TWO };
    const asked = await desk.anna<{ change: PayeeChangeDetail | null }>(
      ...(['POST', 'finance/payee-changes', wanted] as const),
    );
    const { payeeChangeId = '', detailsSha256 = '', mayApprove } = asked.body.change ?? {};
    expect(mayApprove).toBe(false);
    const path = `finance/payee-changes/${payeeChangeId}`;
    const own = await desk.anna('POST', `${path}/approve`, { detailsSha256, payeeCheck: 'RCVC' });
    expect(own).toMatchObject({ status: 403, body: { facts: { why: 'asker-may-not-approve' } } });
    const withdrawn = await desk.anna<PayeeChangeDetail>('POST', `${path}/withdraw`, {});
    expect(withdrawn.body).toMatchObject({ state: 'withdrawn', endedBy: 'Anna' });
  });

  it('is refused for an account that cannot exist', async () => {
    const wanted = { ...WANTED, mchid: TWO, iban: 'NL92ABNA0417164300' };
    const asked = await desk.anna('POST', 'finance/payee-changes', wanted);
    expect(asked).toMatchObject({ status: 400, body: { facts: { why: 'not-an-iban' } } });
  });
});

describe('a batch above the amount of two checkers', () => {
  it('shows who agreed and who is missing', async () => {
    await desk.settle(TWO, 10_000_001n);
    const { body } = await desk.anna<BatchDetail>('POST', 'finance/batches', {});
    const path = `finance/batches/${body.batchId}`;
    const { fileSha256 } = body;
    const half = await desk.bram<BatchDetail>('POST', `${path}/approve`, { fileSha256 });
    expect(half.body).toMatchObject({
      ...{ state: 'prepared', checkersNeeded: 2, mayApprove: false },
      approvals: [{ name: 'Bram' }],
    });
    const whole = await desk.chloe<BatchDetail>('POST', `${path}/approve`, { fileSha256 });
    expect(whole.body).toMatchObject({ state: 'approved', checker: 'Chloé' });
  });
});
