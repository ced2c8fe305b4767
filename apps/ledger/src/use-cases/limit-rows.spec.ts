import { describe, expect, it } from '@jest/globals';
import type { Command, LimitTerms } from '../domain/commands.js';
import { decide } from '../domain/decide.js';
import { book, bookEach, COMMON, funded, pay } from '../testing/book.js';
import { limitRowsOf } from './limit-rows.js';

const AT = '2026-11-23T12:00:30Z';
const SUBJECT = 'mandate:a';
const ROLLING: LimitTerms['window'] = { kind: 'rolling', seconds: 60 };

const setLimit = (id: string, window: LimitTerms['window'] | null): Command => ({
  ...({ kind: 'limit-set', id, ...COMMON, subject: SUBJECT, name: 'spend' } as const),
  limit:
    window === null
      ? null
      : { window, side: null, counterparty: null, countMax: '9', sumMaxMinor: null },
});
const use = (id: string): Command => pay(id, '10', { subjects: [SUBJECT] });

function rowsOf(state: ReturnType<typeof funded>, ...commands: readonly Command[]): object | null {
  const entries = commands.map((command) => ({ command, content: JSON.stringify(command) }));
  return limitRowsOf(state, decide(state, entries));
}

describe('the rows of limits that a batch writes', () => {
  const { state } = bookEach(funded(AT), setLimit('1', ROLLING), use('2'), use('3'));

  it('are one counter for what counts on', () => {
    expect(rowsOf(state, use('4'))).toMatchObject({
      ...{ limitsSet: [], limitsRemoved: [], swept: [] },
      counters: [{ slotMs: Date.parse(AT), count: 3n, sum: 30n }],
    });
  });

  it('sweep all counters of a limit that now counts otherwise', () => {
    expect(rowsOf(state, setLimit('4', { kind: 'day' }))).toMatchObject({
      ...{ limitsRemoved: [], counters: [], swept: [{ beforeMs: null }] },
    });
  });

  it.each([
    {
      how: 'in another window, whose slots begin earlier',
      between: [setLimit('5', { kind: 'day' })],
    },
    { how: 'in the same slot', between: [setLimit('5', null), setLimit('6', ROLLING)] },
  ])('remove a limit first that begins anew and is used in the batch, $how', ({ between }) => {
    const rows = rowsOf(state, ...between, use('7'));
    expect(rows).toMatchObject({
      limitsRemoved: [{ subject: SUBJECT, name: 'spend' }],
      limitsSet: [{ subject: SUBJECT, limit: { name: 'spend' } }],
      ...{ swept: [], counters: [{ count: 1n, sum: 10n }] },
    });
  });

  it('are none where nothing is limited', () => {
    expect(rowsOf(book(funded(AT)).state, use('4'))).toBeNull();
  });
});
