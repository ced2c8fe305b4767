import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AuditRecord, BankLine, FinanceToday, Page } from '@stuiver/console-api';
import { errorCode } from '@stuiver/errors';
import { Bank } from '../../testing/bank.js';
import { ConsoleApp } from '../../testing/console-app.js';
import { ONE } from '../../testing/payout-world.js';

let desk: ConsoleApp;
let arrival: BankLine;
let paid: BankLine;
let pspPayoutId: string;
const bank = new Bank();
const reason = 'the text was another payout’s';

/** A payout of the PSP arrives and a merchant is paid, each by its rule. */
beforeAll(async () => {
  desk = await ConsoleApp.start();
  await desk.settle(ONE, 900n);
  const [payout] = (await desk.exportBatch()).payouts;
  desk.world.psp.happen({ kind: 'payment', amount: 2_000n });
  pspPayoutId = await desk.world.takeFromPsp(2_000n);
  await settled();
  const file = bank.day('2026-11-24', [
    { amount: 2_000n, remittance: `STRIPE ${pspPayoutId}` },
    { amount: -900n, endToEndId: payout?.endToEndId ?? '' },
  ]);
  await desk.anna('POST', 'finance/statements', file.toString());
  await settled();
  const lines = await desk.anna<Page<BankLine>>('GET', 'finance/bank-lines?state=matched');
  const [out, came] = lines.body.items;
  if (out === undefined || came === undefined) throw new Error('two lines are matched');
  [paid, arrival] = out.amountMinor === '2000' ? [came, out] : [out, came];
}, 60_000);
afterAll(() => desk.close());

const settled = (): Promise<void> => desk.world.parts.recon.reconcile.run();
const pathOf = ({ bankLineId }: BankLine): string => `finance/bank-lines/${bankLineId}`;
const shown = async (line: BankLine) => (await desk.anna<BankLine>('GET', pathOf(line))).body;
const unmatch = (line: BankLine, body: object = { reason }, by = desk.anna) =>
  by<BankLine>('POST', `${pathOf(line)}/unmatch`, body);

/** @returns the code of what the database says to it, as the service's own role. */
const refusalOf = (sql: string): Promise<unknown> =>
  desk.world.database.query(sql).then(() => 'done', errorCode);

function balances(): readonly bigint[] {
  const accounts = ['bank:main', 'psp:stripe:transit', 'suspense:bank-line'];
  return accounts.map((account) => desk.world.ledger.balance(account));
}

async function expectExplained(): Promise<void> {
  const { rows, explained } = await desk.world.parts.recon.tieOut.run();
  expect(rows.find(({ name }) => name === 'bank')?.ledger.amount.minor).toBe(1_100n);
  expect(explained).toBe(true);
}

describe('a match', () => {
  it('goes only on record, as the database has it', async () => {
    const { bankLineId } = arrival;
    const gone = `delete from payout.bank_match where bank_line_id = '${bankLineId}'`;
    expect(await refusalOf(gone)).toBe('PO002');
    const record = (
      id: string,
    ): string => `insert into payout.past_match (bank_line_id, unmatched_at,
      by_id, by_name, reason) values ('${id}', now(), 'stf_1', 'Anna', 'because')`;
    expect(await refusalOf(record(paid.bankLineId))).toBe('PO003');
    // The line would be matched with nothing.
    const both = `with kept as (${record(bankLineId)}) select 1`;
    const alone = desk.world.database.run(async (tx) => {
      await tx.query(both);
      await tx.query(gone);
    });
    expect(await alone.then(() => 'done', errorCode)).toBe('PO003');
    expect(await shown(arrival)).toMatchObject({ matchState: 'matched', pspPayoutId });
  });

  it('that paid a merchant stays, and nobody but finance takes one back, with a reason', async () => {
    const stays = await unmatch(paid);
    expect(stays).toMatchObject({ status: 409, body: { facts: { why: 'merchant-was-told' } } });
    expect((await unmatch(arrival, { reason: ' ' })).status).toBe(400);
    expect((await unmatch(arrival, {})).status).toBe(400);
    expect((await unmatch(arrival, { reason }, desk.olga)).status).toBe(403);
    expect((await unmatch(arrival, { reason }, desk.mira)).status).toBe(403);
    expect((await desk.anna('POST', 'finance/bank-lines/bln_1/unmatch', { reason })).status).toBe(
      404,
    );
  });

  it('is taken back: its booking is reversed, the line is open, and no rule places it', async () => {
    await settled();
    expect(balances()).toEqual([1_100n, 0n, 0n]);
    const { status, body } = await unmatch(arrival);
    expect([status, body.matchState, body.pspPayoutId]).toEqual([200, 'open', null]);
    expect(body.pastMatches).toMatchObject([
      { rule: 'psp-payout-by-its-id', pspPayoutId, by: 'Anna', reason },
    ]);
    expect(await unmatch(arrival)).toMatchObject({
      ...{ status: 409, body: { facts: { why: 'not-matched' } } },
    });
    await settled();
    expect(balances()).toEqual([1_100n, 2_000n, 2_000n]);
    expect((await shown(arrival)).matchState).toBe('open');
    await expectExplained();
    const { body: today } = await desk.anna<FinanceToday>('GET', 'finance/today');
    const kinds = today.openItems.map(({ kind }) => kind);
    expect(kinds).toEqual(
      expect.arrayContaining(['bank-line-without-match', 'psp-payout-not-on-bank']),
    );
  });

  it('is made anew by a person, and taken back again, as often as it takes', async () => {
    const note = 'the bank confirmed it';
    for (const round of [1, 2]) {
      const placed = await desk.bram('POST', `${pathOf(arrival)}/place`, { pspPayoutId, note });
      expect(placed).toMatchObject({ status: 200, body: { rule: 'by-hand v1', pspPayoutId } });
      await settled();
      expect(balances()).toEqual([1_100n, 0n, 0n]);
      await expectExplained();
      if (round === 1) expect((await unmatch(arrival)).body.pastMatches).toHaveLength(2);
    }
    const acts = 'finance/audit?act=bank-line-unmatched';
    const { body } = await desk.anna<Page<AuditRecord>>('GET', acts);
    expect(body.items).toMatchObject([
      { subjectId: arrival.bankLineId, reason },
      { subjectId: arrival.bankLineId, reason },
    ]);
  });

  it('with a payout that the bank took back since waits for that one', async () => {
    const file = bank.day('2026-11-25', [{ amount: -2_000n, remittance: `RECALL ${pspPayoutId}` }]);
    await desk.anna('POST', 'finance/statements', file.toString());
    await settled();
    const waits = await unmatch(arrival);
    expect(waits).toMatchObject({ status: 409, body: { facts: { why: 'went-back-since' } } });
    const { body } = await desk.anna<Page<BankLine>>('GET', 'finance/bank-lines?state=matched');
    const recall = body.items.find(({ amountMinor }) => amountMinor === '-2000');
    if (recall === undefined) throw new Error('the recall is matched');
    expect((await unmatch(recall)).status).toBe(200);
    expect((await unmatch(arrival)).status).toBe(200);
    await settled();
    expect(balances()).toEqual([-900n, 2_000n, 0n]);
  });

  it('that was taken back stays on record, whoever asks', async () => {
    expect(await refusalOf('delete from payout.past_match')).toBe('42501');
    const other = `update payout.past_match set reason = 'none'`;
    expect(await refusalOf(other)).toBe('42501');
    await expect(desk.world.rules(other)).rejects.toMatchObject({ code: 'PO002' });
  });
});
