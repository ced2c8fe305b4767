import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type {
  BankLine,
  BatchDetail,
  FinanceToday,
  OpenItem,
  Page,
  SettlementDetail,
  StatementDetail,
} from '@stuiver/console-api';
import { Bank } from '../../testing/bank.js';
import { ConsoleApp, type Who } from '../../testing/console-app.js';
import { ONE, type PayoutWorld, TWO } from '../../testing/payout-world.js';

let desk: ConsoleApp;
let world: PayoutWorld;
let base: string;
let anna: Who;
let bram: Who;
let olga: Who;
let mira: Who;
const bank = new Bank();

beforeAll(async () => {
  desk = await ConsoleApp.start();
  ({ world, base, anna, bram, olga, mira } = desk);
}, 60_000);
afterAll(() => desk.close());

describe('a batch at the finance console', () => {
  it('is made by one person and approved by another, by their sign-in', async () => {
    await desk.settle(ONE, 1000n);
    const made = await anna<BatchDetail>('POST', 'finance/batches', {});
    expect(made).toMatchObject({
      status: 200,
      body: { state: 'prepared', maker: 'Anna', checker: null, count: 1, sumMinor: '1000' },
    });
    const { batchId, fileSha256, mayApprove } = made.body;
    expect(mayApprove).toBe(false);
    const path = `finance/batches/${batchId}`;
    const own = await anna('POST', `${path}/approve`, { fileSha256 });
    expect(own).toMatchObject({
      status: 403,
      body: { code: 'SAME_PERSON', facts: { why: 'maker-may-not-approve' } },
    });
    const operator = await olga('POST', `${path}/approve`, { fileSha256 });
    expect(operator).toMatchObject({ status: 403, body: { code: 'ROLE_MISSING' } });
    expect((await bram<BatchDetail>('GET', path)).body.mayApprove).toBe(true);
    const early = await bram('GET', `${path}/file`);
    expect(early.status).toBe(409);
    const approved = await bram<BatchDetail>('POST', `${path}/approve`, { fileSha256 });
    expect(approved.body).toMatchObject({ state: 'approved', maker: 'Anna', checker: 'Bram' });
    const exported = await bram<BatchDetail>('POST', `${path}/export`, {});
    expect(exported.body).toMatchObject({ state: 'exported', payouts: [{ state: 'exported' }] });
    expect((await anna<string>('GET', `${path}/file`)).body).toContain('<Document');
    const list = await anna<Page<{ batchId: string }>>('GET', 'finance/batches?state=exported');
    expect(list.body).toMatchObject({ items: [{ batchId }], next: null });
    expect((await anna<Page<object>>('GET', 'finance/batches?state=prepared')).body.items).toEqual(
      [],
    );
  });

  it('is discarded, and says when there is nothing to pay', async () => {
    const nothing = await anna('POST', 'finance/batches', {});
    expect(nothing).toMatchObject({ status: 409, body: { facts: { why: 'nothing-to-pay' } } });
    await desk.settle(TWO, 300n);
    const { batchId } = (await anna<BatchDetail>('POST', 'finance/batches', {})).body;
    const discarded = await anna('POST', `finance/batches/${batchId}/discard`, {});
    expect(discarded).toMatchObject({ status: 200, body: { state: 'discarded' } });
  });
});

describe('the bank at the finance console', () => {
  it('shows each line with the rule that placed it and the payout it is', async () => {
    const { payouts } = await desk.exportBatch();
    const [payout] = payouts;
    const { endToEndId = '', amountMinor = '0' } = payout ?? {};
    const file = bank
      .day('2026-11-24', [{ amount: -BigInt(amountMinor), endToEndId }, { amount: 777n }])
      .toString();
    const imported = await anna<StatementDetail>('POST', 'finance/statements', file);
    expect(imported).toMatchObject({ status: 200, body: { lines: 2, repeated: false } });
    const again = await anna('POST', 'finance/statements', file);
    expect(again).toMatchObject({ status: 200, body: { repeated: true } });
    await world.parts.recon.reconcile.run();
    const { statementId } = imported.body;
    const { body } = await anna<StatementDetail>('GET', `finance/statements/${statementId}`);
    expect(body.bankLines).toMatchObject([
      {
        ...{ amountMinor: '-300', matchState: 'matched', rule: 'payout-by-end-to-end-id v1' },
        ...{ counterparty: 'J. Jansen', payout: { state: 'settled', merchantId: TWO } },
      },
      { amountMinor: '777', matchState: 'open', rule: null, payout: null },
    ]);
    const list = await anna<Page<object>>('GET', 'finance/statements');
    expect(list.body.items).toMatchObject([{ statementId, closingMinor: '477' }]);
    const open = await anna<Page<BankLine>>('GET', 'finance/bank-lines?state=open');
    expect(open.body.items.map(({ amountMinor: amount }) => amount)).toEqual(['777']);
  });

  it('lets a person place a line, if it fits', async () => {
    world.psp.happen({ kind: 'payment', amount: 777n });
    const { body: sent } = await anna<{ pspPayoutId: string }>('POST', 'finance/psp-payouts', {
      amountMinor: '777',
    });
    const open = await anna<Page<BankLine>>('GET', 'finance/bank-lines?state=open');
    const path = `finance/bank-lines/${open.body.items[0]?.bankLineId ?? ''}`;
    await world.parts.recon.reconcile.run();
    const note = 'the bank’s text was cut';
    const both = await anna('POST', `${path}/place`, { note });
    expect(both).toMatchObject({ status: 400, body: { facts: { field: 'payoutId' } } });
    const unknown = await anna('POST', `${path}/place`, { pspPayoutId: 'po_Nobody', note });
    expect(unknown).toMatchObject({
      status: 400,
      body: { facts: { field: 'pspPayoutId', why: 'names-nothing' } },
    });
    const { pspPayoutId } = sent;
    const placed = await anna('POST', `${path}/place`, { pspPayoutId, note });
    expect(placed).toMatchObject({ status: 200, body: { rule: 'by-hand v1', pspPayoutId } });
    expect((await anna('POST', `${path}/place`, { pspPayoutId, note })).status).toBe(409);
    await world.parts.recon.reconcile.run();
    expect(world.ledger.balance('suspense:bank-line')).toBe(0n);
    expect(world.ledger.balance('psp:stripe:transit')).toBe(0n);
  });

  it('tells of a payout that the bank refused, and pays again once the payee is confirmed', async () => {
    await desk.settle(TWO, 900n);
    const { payouts } = await desk.exportBatch();
    const payout = payouts.find(({ merchantId }) => merchantId === TWO);
    const path = `finance/payouts/${payout?.payoutId ?? ''}/reject`;
    expect((await anna('POST', path, { reasonCode: 'closed' })).status).toBe(400);
    const rejected = await anna('POST', path, { reasonCode: 'AC04' });
    expect(rejected).toMatchObject({
      status: 200,
      body: { state: 'rejected', reasonCode: 'AC04', reason: 'AC04: the account is closed' },
    });
    expect((await anna('POST', path, { reasonCode: 'AC04' })).status).toBe(200);
    const held = await anna<{ message: string }>('POST', 'finance/batches', {});
    expect(held.status).toBe(409);
    expect(held.body.message).toContain('confirm or change the payee');
    expect((await olga('POST', `finance/payees/${TWO}/confirm`, {})).status).toBe(403);
    expect((await anna('POST', `finance/payees/${TWO}/confirm`, {})).status).toBe(204);
    const again = await anna<BatchDetail>('POST', 'finance/batches', {});
    expect(again).toMatchObject({ status: 200, body: { sumMinor: '900' } });
  });
});

describe('finance today', () => {
  it('says what is to do, what is open, and whether it adds up', async () => {
    const { status, body } = await anna<FinanceToday>('GET', 'finance/today');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      toApprove: { count: 1, sumMinor: '900' },
      toPrepare: { count: 0, sumMinor: '0' },
      nextBusinessDay: '2026-11-24',
      nextCutOffAt: '2026-11-23T23:00:00.000Z',
      tieOut: { rows: [{ name: 'psp-balance' }, { name: 'psp-transit' }, { name: 'bank' }] },
    });
    const tieOut = await anna<FinanceToday['tieOut']>('GET', 'finance/tie-out');
    expect(tieOut.body.explained).toBe(true);
    const items = await anna<Page<OpenItem>>('GET', 'finance/open-items');
    expect(items.body.items.map(({ kind }) => kind)).toContain('booking-without-psp-transaction');
    const path = `finance/open-items/${items.body.items[0]?.openItemId ?? ''}/close`;
    expect((await anna('POST', path, { note: 'seen' })).status).toBe(409);
  });

  it('takes the PSP’s word on its webhook only when it is signed', async () => {
    const post = (signature: string): Promise<Response> =>
      fetch(`${base}/webhooks/psp/payout`, {
        method: 'POST',
        body: 'evt_1',
        headers: { 'stripe-signature': signature },
      });
    expect((await post('forged')).status).toBe(400);
    expect((await post('signed')).status).toBe(200);
    expect((await post('signed')).status).toBe(200);
    expect(await world.database.query('select * from payout.psp_inbox')).toHaveLength(1);
  });
});

describe('a merchant at their console', () => {
  it('sees their settlements down to the line', async () => {
    const list = await mira<Page<{ settlementId: string }>>('GET', `merchants/${ONE}/settlements`);
    expect(list.body.items).toMatchObject([{ state: 'closed', payout: { state: 'exported' } }]);
    const id = list.body.items[0]?.settlementId ?? '';
    const { body } = await mira<SettlementDetail>('GET', `merchants/${ONE}/settlements/${id}`);
    expect(body.lines).toMatchObject([
      { purpose: 'gross', amountMinor: '1000', runningMinor: '1000', version: '1' },
    ]);
    const rest = await mira<SettlementDetail>('GET', `merchants/${ONE}/settlements/${id}?after=1`);
    expect(rest.body).toMatchObject({ lines: [], nextLine: null });
    expect((await mira('GET', `merchants/${TWO}/settlements`)).status).toBe(404);
    expect((await mira('GET', `merchants/${TWO}/settlements/${id}`)).status).toBe(404);
    expect((await anna('GET', `merchants/${TWO}/settlements/${id}`)).status).toBe(404);
    const file = `settlements/${id}/lines.csv`;
    const csv = await mira<string>('GET', `merchants/${ONE}/${file}`);
    expect(csv.body.trimEnd().split('\r\n')).toHaveLength(body.lines.length + 1);
    expect((await mira('GET', `merchants/${TWO}/${file}`)).status).toBe(404);
    expect((await anna('GET', `merchants/${TWO}/${file}`)).status).toBe(404);
    expect((await anna('GET', `merchants/${TWO}/settlements`)).status).toBe(200);
  });

  it.each([
    'finance/today',
    'finance/batches',
    'finance/statements',
    'finance/bank-lines',
    'finance/open-items',
    'finance/tie-out',
  ])('is not let into %s', async (path) => {
    expect((await mira('GET', path)).status).toBe(403);
    expect((await fetch(`${base}/console/${path}`)).status).toBe(401);
  });
});

describe('an operator of the command line', () => {
  it('imports a statement and sees how everything stands', async () => {
    const operator = (method: string, path: string, body?: Buffer): Promise<Response> =>
      fetch(`${base}/operator/reconciliation${path}`, {
        method,
        headers: { authorization: 'Bearer operator', 'content-type': 'application/xml' },
        ...(body === undefined ? {} : { body: new Uint8Array(body) }),
      });
    const imported = await operator('POST', '/statements', bank.day('2026-11-25', []));
    expect(await imported.json()).toMatchObject({ statements: [{ sequence: '2', lines: 0 }] });
    expect(await (await operator('GET', '')).json()).toMatchObject({ explained: true });
    const foreign = bank.day('2026-11-26', [], { iban: 'NL91ABNA0417164300' });
    expect((await operator('POST', '/statements', foreign)).status).toBe(400);
    expect((await operator('POST', '/statements', Buffer.from('<x/>'))).status).toBe(400);
  });
});
