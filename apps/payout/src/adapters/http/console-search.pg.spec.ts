import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type {
  BankLine,
  LineChoices,
  NextPayout,
  OrderTransfers,
  Page,
  PayoutSummary,
  StatementDetail,
} from '@stuiver/console-api';
import { Bank } from '../../testing/bank.js';
import { ConsoleApp } from '../../testing/console-app.js';
import { ONE, TWO } from '../../testing/payout-world.js';

let desk: ConsoleApp;
const bank = new Bank();

beforeAll(async () => {
  desk = await ConsoleApp.start();
}, 60_000);
afterAll(() => desk.close());

const payoutsLike = async (query: string): Promise<string[]> => {
  const page = await desk.anna<Page<PayoutSummary>>('GET', `finance/payouts?${query}`);
  return page.body.items.map(({ amountMinor }) => amountMinor);
};

describe('what a merchant is paid next', () => {
  it('is what came since the last close, part by part, and what is settled and in no file', async () => {
    await desk.settle(ONE, 1000n);
    await desk.world.ledger.pay(ONE, 250n);
    const { status, body } = await desk.mira<NextPayout>(
      'GET',
      `merchants/${ONE}/settlements/next`,
    );
    expect(status).toBe(200);
    expect(body).toMatchObject({
      ...{ parts: [{ purpose: 'gross', count: 1, amountMinor: '250' }], openMinor: '250' },
      ...{ closed: { count: 1, sumMinor: '1000' }, underWay: { count: 0, sumMinor: '0' } },
      ...{ sumMinor: '1250', sentBackCode: null, ibanLast4: '4300' },
      nextBusinessDay: '2026-11-24',
    });
    expect((await desk.mira('GET', `merchants/${TWO}/settlements/next`)).status).toBe(404);
  });

  it('says what is under way, and that the bank sent something back', async () => {
    await desk.settle(TWO, 300n);
    const { payouts } = await desk.exportBatch();
    const next = (): Promise<{ body: NextPayout }> =>
      desk.anna('GET', `merchants/${TWO}/settlements/next`);
    expect((await next()).body).toMatchObject({
      underWay: { count: 1, sumMinor: '300' },
      sumMinor: '0',
    });
    const payout = payouts.find(({ merchantId }) => merchantId === TWO);
    const path = `finance/payouts/${payout?.payoutId ?? ''}/reject`;
    await desk.anna('POST', path, { reasonCode: 'AC04' });
    expect((await next()).body).toMatchObject({ sentBackCode: 'AC04', sumMinor: '300' });
  });
});

describe('a payout', () => {
  it.each([
    ['an amount as people write it', 'q=10,00', ['1000']],
    ['a whole amount', 'q=10', ['1000']],
    ['its merchant', `q=${TWO}`, ['300']],
    ['its state', 'state=rejected', ['300']],
    ['nothing that is there', 'q=nothing', []],
  ])('is found by %s', async (_by, query, amounts) => {
    expect(await payoutsLike(query)).toEqual(amounts);
  });

  it('is found by the beginning of its EndToEndId, and a bad question is refused', async () => {
    const all = await desk.anna<Page<PayoutSummary>>('GET', 'finance/payouts');
    const id = all.body.items[0]?.endToEndId.slice(0, 20) ?? '';
    expect(await payoutsLike(`q=${id}`)).toHaveLength(1);
    for (const query of ['state=gone', 'q=', 'before=x', `q=${'9'.repeat(65)}`]) {
      expect((await desk.anna('GET', `finance/payouts?${query}`)).status).toBe(400);
    }
  });
});

describe('a line that no rule placed', () => {
  it('comes with the reason, and with what it may be', async () => {
    const lines = [{ amount: -1000n }, { amount: 444n }];
    const file = bank.day('2026-11-24', lines).toString();
    const { body: statement } = await desk.anna<StatementDetail>(
      ...(['POST', 'finance/statements', file] as const),
    );
    await desk.world.parts.recon.reconcile.run();
    const path = `finance/statements/${statement.statementId}`;
    const { bankLines } = (await desk.anna<StatementDetail>('GET', path)).body;
    const choices = async (of: BankLine | undefined): Promise<LineChoices> =>
      (await desk.anna<LineChoices>('GET', `finance/bank-lines/${of?.bankLineId ?? ''}/choices`))
        .body;
    expect(await choices(bankLines[0])).toMatchObject({
      problems: ['names-nothing'],
      payouts: [{ amountMinor: '1000', state: 'exported' }],
    });
    expect(await choices(bankLines[1])).toMatchObject({ payouts: [], pspPayouts: [] });
    const found = await desk.anna<Page<BankLine>>('GET', 'finance/bank-lines?q=4,44&state=open');
    expect(found.body.items.map(({ amountMinor }) => amountMinor)).toEqual(['444']);
  });
});

describe('an order', () => {
  it('leads to what it moved on the merchant’s account, and to nothing of another’s', async () => {
    const order = `ord_${'0'.repeat(26)}`;
    const path = (mchid: string, id = order): string =>
      `merchants/${mchid}/settlements/of-order/${id}`;
    await desk.world.ledger.pay(ONE, 75n, order);
    const { body } = await desk.mira<OrderTransfers>('GET', path(ONE));
    expect(body.lines).toMatchObject([
      { purpose: 'gross', amountMinor: '75', runningMinor: '75', settlementId: null },
    ]);
    expect((await desk.mira('GET', path(TWO))).status).toBe(404);
    expect((await desk.mira('GET', path(ONE, 'ord_x'))).status).toBe(404);
  });
});
