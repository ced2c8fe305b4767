import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AuditRecord, NextPayout, Page, SettlementTermsAnswer } from '@stuiver/console-api';
import { ConsoleApp } from '../../testing/console-app.js';
import { ONE, TWO } from '../../testing/payout-world.js';

const PATH = `finance/settlement-terms/${ONE}`;
const FRIDAYS = { every: 'week', onDay: 5, minimumMinor: '2500', reason: 'asked by mail' };

describe('the settlement terms of a merchant', () => {
  let desk: ConsoleApp;
  beforeAll(async () => {
    desk = await ConsoleApp.start();
  }, 60_000);
  afterAll(() => desk.close());

  it('are the standard until finance says others, which the audit trail keeps', async () => {
    const before = await desk.bram<{ terms: SettlementTermsAnswer }>('GET', PATH);
    expect(before.body.terms).toMatchObject({ version: 0, every: 'day', minimumMinor: '0' });
    const said = await desk.bram<SettlementTermsAnswer>('POST', PATH, { after: 0, ...FRIDAYS });
    expect(said.body).toMatchObject({ version: 1, ...FRIDAYS });
    const { body } = await desk.anna<Page<AuditRecord>>('GET', 'finance/audit');
    expect(body.items[0]).toMatchObject({ act: 'settlement-terms-said', reason: 'asked by mail' });
  });

  it('are not said over what somebody else said meanwhile', async () => {
    expect((await desk.bram('POST', PATH, { after: 0, ...FRIDAYS })).status).toBe(409);
  });

  it.each([
    ['a week has no day 8', { every: 'week', onDay: 8 }],
    ['a week has a day', { every: 'week', onDay: null }],
    ['each day needs none', { every: 'day', onDay: 1 }],
    ['cents are whole', { minimumMinor: '1.5' }],
    ['a reason is given', { reason: '' }],
  ])('are refused: %s', async (_why, wrong) => {
    const body = { after: 1, ...FRIDAYS, ...wrong };
    expect((await desk.bram('POST', PATH, body)).status).toBe(400);
  });

  it('are not for the merchant to say, who sees them and may ask for a settlement', async () => {
    expect((await desk.mira('POST', PATH, { after: 1, ...FRIDAYS })).status).toBe(403);
    await desk.world.ledger.pay(ONE, 100n);
    const next = await desk.mira<NextPayout>('GET', `merchants/${ONE}/settlements/next`);
    expect(next.body.terms).toMatchObject({ every: 'week', onDay: 5 });
    expect(next.body.notSettled).not.toBeNull();
    expect((await desk.mira('POST', `merchants/${ONE}/settlements`, {})).status).toBe(200);
    expect((await desk.mira('POST', `merchants/${ONE}/settlements`, {})).status).not.toBe(200);
    expect((await desk.mira('POST', `merchants/${TWO}/settlements`, {})).status).toBe(404);
  });
});
