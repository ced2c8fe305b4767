import { describe, expect, it } from '@jest/globals';
import { money } from './money.js';
import { outcomeOf } from './outcomes.js';
import { CallLimit, readCall } from './rpc.js';
import { nextState, SHEET_EVENTS, SHEET_STATES } from './sheet-states.js';
import { SHEET_WORDS } from './words.js';

describe('the sheet', () => {
  it('offers cancel only before confirm', () => {
    const states = SHEET_STATES.filter((state) => nextState(state, 'cancel') !== undefined);
    expect(states).toEqual(['review', 'ending']);
  });

  it('hears of a payment wherever one can arrive', () => {
    for (const state of ['confirming', 'atBank', 'ending'] as const) {
      expect(nextState(state, 'paid')).toBe('paid');
    }
  });

  it('is opened once at a time', () => {
    const states = SHEET_STATES.filter((state) => nextState(state, 'open') !== undefined);
    expect(states).toEqual(['closed']);
  });

  it('comes to an end from every state', () => {
    for (const state of SHEET_STATES) expect(nextState(state, 'done')).toBe('closed');
  });

  it('knows every cell', () => {
    const cells = SHEET_STATES.flatMap((state) =>
      SHEET_EVENTS.map((event) => nextState(state, event)),
    );
    expect(cells).toHaveLength(SHEET_STATES.length * SHEET_EVENTS.length);
  });
});

describe('outcomes', () => {
  it.each([
    ['requestPayment:ok', undefined],
    ['requestPayment:fail cancel', 700_601],
    ['requestPayment:fail pending', 700_600],
    ['requestPayment:fail network error', 700_602],
    ['requestPayment:fail order paid', 700_000],
  ])('gives "%s" the number %s', (errMsg, errCode) => {
    expect(outcomeOf(errMsg)).toEqual(errCode === undefined ? { errMsg } : { errMsg, errCode });
  });
});

describe('money on the sheet', () => {
  it.each([
    ['325', 'nl', '€ 3,25'],
    ['325', 'en', '€3.25'],
    ['-5', 'nl', '−€ 0,05'],
    ['123456789', 'nl', '€ 1.234.567,89'],
  ] as const)('writes %s in %s as %s', (minor, language, text) => {
    expect(money(minor, 'EUR', language).replaceAll('\u00a0', ' ')).toBe(text);
  });
});

describe('calls from a mini-program', () => {
  it.each([
    null,
    'x',
    {},
    { jsonrpc: '2.0', id: 1, method: 'login' },
    { jsonrpc: '2.0', id: '1', method: 'm', params: {} },
    { jsonrpc: '2.0', id: 1, method: 'm', params: { text: 'x'.repeat(20_000) } },
  ])('are no calls when they are %p', (data) => {
    expect(readCall(data)).toBeUndefined();
  });

  it('are limited in number', () => {
    const limit = new CallLimit();
    const allowed = Array.from({ length: 100 }, () => limit.allows(1)).filter(Boolean);
    expect(allowed).toHaveLength(60);
    expect(limit.allows(20_000)).toBe(true);
  });
});

describe('the words of the sheet', () => {
  it('are there in every language, none empty', () => {
    expect(Object.keys(SHEET_WORDS.nl).sort()).toEqual(Object.keys(SHEET_WORDS.en).sort());
    expect(Object.keys(SHEET_WORDS.nl.failures)).toEqual(Object.keys(SHEET_WORDS.en.failures));
    const texts = Object.values(SHEET_WORDS).flatMap((words) =>
      Object.values<unknown>({ ...words }),
    );
    expect(texts.every((text) => typeof text !== 'string' || text.length > 0)).toBe(true);
  });
});
