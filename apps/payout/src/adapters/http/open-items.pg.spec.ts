import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type {
  FinanceToday,
  OpenItem,
  OpenItemDetail,
  Page,
  StatementSummary,
} from '@stuiver/console-api';
import { errorCode } from '@stuiver/errors';
import { Bank } from '../../testing/bank.js';
import { ConsoleApp } from '../../testing/console-app.js';

const ANNA = `stf_${'anna'.padEnd(26, '0')}`;
const BRAM = `stf_${'bram'.padEnd(26, '0')}`;
const DAY_MS = 86_400_000;

let desk: ConsoleApp;
let path: string;
const bank = new Bank();

beforeAll(async () => {
  desk = await ConsoleApp.start();
  const file = bank.day('2026-11-24', [{ amount: 777n }, { amount: -5n }]).toString();
  await desk.anna<StatementSummary>('POST', 'finance/statements', file);
  await desk.world.parts.recon.reconcile.run();
  const [item] = await listed('');
  path = `finance/open-items/${item?.openItemId ?? ''}`;
}, 60_000);
afterAll(() => desk.close());

async function listed(query: string): Promise<readonly OpenItem[]> {
  return (await desk.anna<Page<OpenItem>>('GET', `finance/open-items${query}`)).body.items;
}

const noted = (body: object, by = desk.anna) => by<OpenItemDetail>('POST', `${path}/notes`, body);

/** @returns the code of what the database says to it, as the service's own role. */
async function refusalOf(sql: string): Promise<unknown> {
  const work = desk.world.database.query(sql);
  return work.then(() => 'done', errorCode);
}

describe('an open item', () => {
  it('is nobody’s at first, and young', async () => {
    expect(await listed('?owner=nobody&age=0-1')).toHaveLength(2);
    expect(await listed('?owner=me')).toEqual([]);
    const { body } = await desk.anna<OpenItemDetail>('GET', path);
    expect(body).toMatchObject({ owner: null, reason: null, deadline: null, notes: [] });
    expect(body.people).toEqual([{ id: ANNA, name: 'Anna' }]);
  });

  it('is taken, explained and given a day, and the rest of it stays as it was', async () => {
    const today = desk.world.clock.now().toISOString().slice(0, 10);
    expect((await noted({ owner: ANNA, deadline: today })).status).toBe(200);
    const { body } = await noted({ reason: 'bank-error', comment: 'asked the bank' }, desk.bram);
    expect(body).toMatchObject({
      ...{ owner: { id: ANNA, name: 'Anna' }, reason: 'bank-error', deadline: today },
      ...{ isLate: false, comments: 1 },
    });
    expect(body.notes).toMatchObject([
      { by: { id: BRAM, name: 'Bram' }, reason: 'bank-error', comment: 'asked the bank' },
      { by: { id: ANNA, name: 'Anna' }, reason: null, comment: null },
    ]);
    expect(await listed('?owner=me')).toHaveLength(1);
    expect(await listed(`?owner=${ANNA}&reason=bank-error`)).toHaveLength(1);
    expect(await listed('?reason=psp-error')).toEqual([]);
  });

  it.each([
    [{ owner: `stf_${'zoe'.padEnd(26, '0')}` }, 'owner'],
    [{ owner: 'Anna' }, 'owner'],
    [{ reason: 'because' }, 'reason'],
    [{ deadline: '2026-02-31' }, 'deadline'],
    [{ deadline: '2020-01-01' }, 'deadline'],
    [{ comment: '  ' }, 'comment'],
    [{ comment: 'x'.repeat(501) }, 'comment'],
    [{}, 'comment'],
    [{ owner: ANNA }, 'comment'],
  ])('takes no note of %j', async (body, field) => {
    const refused = await noted(body);
    expect([refused.status, JSON.stringify(refused.body)]).toEqual([
      400,
      expect.stringContaining(field),
    ]);
  });

  it('is no business of merchants', async () => {
    expect((await noted({ comment: 'hello' }, desk.mira)).status).toBe(403);
  });

  it('ages, is late after its day, and is counted by its age', async () => {
    desk.world.clock.advance(5 * DAY_MS);
    const [item] = await listed('?age=4-7&owner=me');
    expect(item).toMatchObject({ age: '4-7', isLate: true });
    expect(await listed('?age=0-1')).toEqual([]);
    const { body } = await desk.anna<FinanceToday>('GET', 'finance/today');
    expect(body.exceptionsByAge).toEqual([
      { age: '0-1', count: 0 },
      { age: '2-3', count: 0 },
      { age: '4-7', count: 2 },
      { age: '8-', count: 0 },
    ]);
  });

  it('is let go with empty texts, and its history keeps what was', async () => {
    const { body } = await noted({ owner: '', reason: '', deadline: '' });
    expect(body).toMatchObject({ owner: null, reason: null, deadline: null, isLate: false });
    expect(body.notes).toHaveLength(3);
  });

  it('keeps what was said, whoever asks the database', async () => {
    const said = `update payout.open_item_note set comment = 'nothing'`;
    expect(await refusalOf(said)).toBe('42501');
    expect(await refusalOf('delete from payout.open_item_note')).toBe('42501');
    await expect(desk.world.rules(said)).rejects.toMatchObject({ code: 'PO002' });
    await expect(desk.world.rules('truncate payout.open_item_note')).rejects.toMatchObject({
      code: 'PO002',
    });
  });

  it('takes no word when it is closed, and is still found', async () => {
    await desk.world.database.query(
      `update payout.open_item set resolved_at = now(), resolution = 'its cause is gone' where id = $1`,
      [path.split('/').at(-1)],
    );
    const refused = await noted({ comment: 'too late' });
    expect(refused).toMatchObject({ status: 409, body: { facts: { why: 'item-closed' } } });
    const late = `insert into payout.open_item_note (open_item_id, at, by_id, by_name, comment)
      select id, now(), '${ANNA}', 'Anna', 'too late' from payout.open_item where resolved_at is not null`;
    expect(await refusalOf(late)).toBe('PO003');
    const { body } = await desk.anna<OpenItemDetail>('GET', path);
    expect(body).toMatchObject({ resolution: 'its cause is gone', notes: [{}, {}, {}] });
    expect(await listed('')).toHaveLength(1);
  });
});
