import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type {
  AuditRecord,
  CashAgainstLiabilities,
  MonthDetail,
  MonthSummary,
  Page,
} from '@stuiver/console-api';
import { ConsoleApp, type Who } from '../../testing/console-app.js';
import { ONE } from '../../testing/payout-world.js';

const DAY_MS = 86_400_000;

describe('closing a month', () => {
  let desk: ConsoleApp;
  beforeAll(async () => {
    desk = await ConsoleApp.start();
    desk.world.ledger.effectiveAt = '2026-10-20T10:00:00.000Z';
    await sell(1_250n);
    desk.world.ledger.effectiveAt = '2026-11-02T10:00:00.000Z';
    await sell(300n);
  }, 60_000);
  afterAll(() => desk.close());

  /** From a payer's balance, which the PSP knows nothing of. */
  const sell = (amount: bigint): Promise<void> =>
    desk.world.ledger.pay(ONE, amount, null, 'user:usr_a:wallet');
  const look = async (month: string, who: Who = desk.bram): Promise<MonthDetail> =>
    (await who<MonthDetail>('GET', `finance/months/${month}`)).body;
  const prepare = (who: Who, month: string, body: object = {}) =>
    who<{ facts?: { why?: string } }>('POST', `finance/months/${month}/prepare`, body);
  const close = (who: Who, month: string, sha256: string) =>
    who<{ code?: string; facts?: { why?: string } }>('POST', `finance/months/${month}/close`, {
      sha256,
    });

  it('begins with the first booking, and shows how far each month is', async () => {
    const { body } = await desk.olga<{ months: MonthSummary[] }>('GET', 'finance/months');
    expect(body.months.map(({ month, state }) => [month, state])).toEqual([
      ['2026-11', 'running'],
      ['2026-10', 'open'],
    ]);
    const october = await look('2026-10');
    expect(october).toMatchObject({ debitMinor: '0', creditMinor: '0', findings: [] });
    expect(october.rows).toEqual([
      {
        ...{ account: 'merchant:*:pending', accounts: '1', side: 'credit' },
        ...{ openingMinor: '0', changeMinor: '1250', closingMinor: '1250' },
      },
      {
        ...{ account: 'user:*:wallet', accounts: '1', side: 'credit' },
        ...{ openingMinor: '0', changeMinor: '-1250', closingMinor: '-1250' },
      },
    ]);
    expect((await look('2026-11')).rows[0]).toMatchObject({
      ...{ openingMinor: '1250', changeMinor: '300', closingMinor: '1550' },
    });
  });

  it('is for finance, for months that the books have and that are over', async () => {
    expect((await prepare(desk.olga, '2026-10')).status).toBe(403);
    expect((await desk.mira('GET', 'finance/months')).status).toBe(403);
    for (const month of ['2026-09', '2026-13', '2026-1', 'x']) {
      expect((await desk.anna('GET', `finance/months/${month}`)).status).toBe(404);
    }
    const early = await prepare(desk.anna, '2026-11');
    expect([early.status, early.body.facts?.why]).toEqual([409, 'month-not-over-yet']);
  });

  it('takes two people', async () => {
    expect((await prepare(desk.anna, '2026-10')).status).toBe(200);
    const { sha256, preparedSha256 } = await look('2026-10');
    expect(preparedSha256).toBe(sha256);
    const own = await close(desk.anna, '2026-10', sha256);
    expect([own.status, own.body.facts?.why]).toEqual([403, 'preparer-may-not-close']);
    expect((await close(desk.bram, '2026-10', 'a'.repeat(64))).status).toBe(400);
    expect([(await look('2026-10', desk.anna)).mayClose, (await look('2026-10')).mayClose]).toEqual(
      [false, true],
    );
  });

  it('is of the figures that were looked at: what is booked since voids it', async () => {
    const { sha256 } = await look('2026-10');
    desk.world.ledger.effectiveAt = '2026-10-31T22:59:59.000Z';
    await sell(50n);
    const refused = await close(desk.bram, '2026-10', sha256);
    expect([refused.status, refused.body.facts?.why]).toEqual([409, 'month-changed']);
    expect(await look('2026-10')).toMatchObject({ hasChanged: true, mayClose: false });
    expect(desk.world.books.closed).toEqual([]);
    await prepare(desk.anna, '2026-10');
  });

  it('closes it in the ledger, once, and keeps what was agreed to', async () => {
    const { sha256 } = await look('2026-10');
    expect((await close(desk.bram, '2026-10', sha256)).status).toBe(200);
    expect((await close(desk.bram, '2026-10', sha256)).status).toBe(200);
    expect(desk.world.books.closed).toEqual(['2026-10']);
    expect(await look('2026-10')).toMatchObject({
      ...{ state: 'closed', preparedBy: 'Anna', closedBy: 'Bram', obstacle: 'month-closed' },
      ...{ closedSha256: sha256, preparedSha256: sha256, mayPrepare: false },
    });
    expect((await prepare(desk.chloe, '2026-10')).status).toBe(409);
    const { body } = await desk.bram<Page<AuditRecord>>('GET', 'finance/audit');
    expect(body.items.slice(0, 2).map(({ act, subjectId }) => [act, subjectId])).toEqual([
      ['month-closed', '2026-10'],
      ['month-close-agreed', '2026-10'],
    ]);
  });

  it('gives both files, to the last line', async () => {
    const trial = await desk.olga<string>('GET', 'finance/months/2026-10/trial-balance.csv');
    expect(trial.body.split('\r\n')).toEqual([
      'month,account,accounts,side,opening_eur,change_eur,closing_eur',
      '2026-10,merchant:*:pending,1,credit,0.00,13.00,13.00',
      '2026-10,user:*:wallet,1,credit,0.00,-13.00,-13.00',
      '2026-10,total,,debit,,,0.00',
      '2026-10,total,,credit,,,0.00',
      '',
    ]);
    const journal = await desk.olga<string>('GET', 'finance/months/2026-10/journal.csv');
    const amounts = journal.body.split('\r\n').map((line) => line.split(',').at(-1));
    expect(amounts).toEqual(['amount_eur', '12.50', '0.50', '']);
  });

  it('asks why when something is open, and goes on after a lost answer', async () => {
    desk.world.clock.advance(9 * DAY_MS);
    await desk.world.parts.recon.items.add({
      ...{ kind: 'duplicate-statement', subject: 'statement:x', explanation: 'told twice' },
      at: new Date('2026-11-23T10:00:00Z'),
    });
    expect((await look('2026-11')).findings).toEqual(['exceptions-open']);
    const refused = await prepare(desk.bram, '2026-11');
    expect([refused.status, refused.body.facts?.why]).toEqual([400, 'findings-need-a-note']);
    expect((await prepare(desk.bram, '2026-11', { note: ' ' })).status).toBe(400);
    await prepare(desk.bram, '2026-11', { note: 'The bank sent it twice.' });
    const { sha256 } = await look('2026-11');
    desk.world.books.loseAnswer();
    expect((await close(desk.anna, '2026-11', sha256)).status).toBe(503);
    expect((await look('2026-11')).state).toBe('closing');
    await desk.world.parts.months.close.carryOnAll();
    expect(await look('2026-11')).toMatchObject({
      ...{ state: 'closed', note: 'The bank sent it twice.', closedBy: 'Anna' },
    });
  });

  it('goes on after the process died between agreeing and closing', async () => {
    desk.world.clock.advance(31 * DAY_MS);
    await prepare(desk.bram, '2026-12', { note: 'Still told twice.' });
    const { sha256 } = await look('2026-12');
    desk.world.crash.at = 'payout.month-agreed';
    expect((await close(desk.anna, '2026-12', sha256)).status).toBe(500);
    expect(desk.world.books.closed).not.toContain('2026-12');
    await desk.world.parts.months.close.carryOnAll();
    expect((await look('2026-12')).state).toBe('closed');
  });

  it('goes month by month', async () => {
    desk.world.clock.advance(62 * DAY_MS);
    const { body } = await desk.olga<{ months: MonthSummary[] }>('GET', 'finance/months');
    expect(body.months.map(({ state }) => state)).toEqual([
      ...['running', 'open', 'open', 'closed', 'closed', 'closed'],
    ]);
    const refused = await prepare(desk.bram, '2027-02', { note: 'in a hurry' });
    expect([refused.status, refused.body.facts?.why]).toEqual([409, 'earlier-month-open']);
  });

  it('is beside whether all that is owed is there', async () => {
    await desk.world.ledger.pay(ONE, 700n);
    const { body } = await desk.olga<CashAgainstLiabilities>('GET', 'finance/cash');
    expect(body).toEqual({
      held: [{ account: 'psp:stripe:balance', amountMinor: '700' }],
      // Who is below zero pays for nobody else.
      owed: [{ account: 'merchant:*:pending', amountMinor: '2300' }],
      ...{ heldMinor: '700', owedMinor: '2300' },
    });
  });
});
