import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { money } from './money.js';
import { outcomeOf } from './outcomes.js';
import { minutesText } from './order-clock.js';
import { CallLimit, readCall, readPayment } from './rpc.js';
import { nextState, SHEET_EVENTS, SHEET_STATES } from './sheet-states.js';
import { SHEET_WORDS } from './words.js';

describe('the sheet', () => {
  it('offers cancel only before confirm', () => {
    const states = SHEET_STATES.filter((state) => nextState(state, 'cancel') !== undefined);
    expect(states).toEqual(['loading', 'review', 'ending']);
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

  it('takes one confirm, in review only', () => {
    const states = SHEET_STATES.filter((state) => nextState(state, 'confirm') !== undefined);
    expect(states).toEqual(['review']);
  });

  const CELLS = SHEET_STATES.flatMap((state) => SHEET_EVENTS.map((event) => ({ state, event })));

  it.each(CELLS)('knows what $event is in $state, and never leaves the table', (cell) => {
    const next = nextState(cell.state, cell.event);
    expect([undefined, ...SHEET_STATES]).toContain(next);
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
    { jsonrpc: '2.0', id: 1, method: 'm', params: { text: 'x'.repeat(3_000) } },
    { jsonrpc: '2.0', id: 1, method: 'm', params: { nested: {} } },
    { jsonrpc: '2.0', id: 1, method: 'm'.repeat(65), params: {} },
    { jsonrpc: '2.0', id: 1, method: 'm', params: [] },
    { jsonrpc: '2.0', id: 1, method: 'm', params: { big: 1n } },
    { jsonrpc: '2.0', id: 1.5, method: 'm', params: {} },
    { jsonrpc: '1.0', id: 1, method: 'm', params: {} },
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

describe('the parameters of a payment', () => {
  const five = { timeStamp: '1', nonceStr: 'n', package: 'p', signType: 'RSA', paySign: 's' };

  it('are the five and nothing else: no page names an appid', () => {
    expect(readPayment({ ...five, appid: 'wx_another' })).toEqual({ parameters: five });
  });

  it.each(Object.keys(five))('name %s when it is missing', (field) => {
    const wrong = `parameter error: parameter.${field} should be a string`;
    expect(readPayment({ ...five, [field]: undefined })).toEqual({ wrong });
  });

  it('are limited in length', () => {
    const wrong = 'parameter error: parameter.nonceStr is longer than 32';
    expect(readPayment({ ...five, nonceStr: 'n'.repeat(33) })).toEqual({ wrong });
  });
});

describe('the time that is left', () => {
  it.each([
    [120_000, 'nl', '2 minuten'],
    [30_000, 'nl', '1 minuut'],
    [61_000, 'en', '2 minutes'],
  ] as const)('%s ms in %s are %s', (leftMs, language, text) => {
    expect(minutesText(leftMs, language)).toBe(text);
  });
});

describe('the words of the sheet', () => {
  const keysOf = (words: object, prefix = ''): string[] =>
    Object.entries(words).flatMap(([key, value]) =>
      typeof value === 'string' ? [prefix + key] : keysOf(value as object, `${prefix}${key}.`),
    );

  it('are there in every language, none empty', () => {
    expect(keysOf(SHEET_WORDS.nl)).toEqual(keysOf(SHEET_WORDS.en));
    expect(JSON.stringify(SHEET_WORDS)).not.toContain('""');
  });

  it('are all used', () => {
    const sources = readdirSync(import.meta.dirname)
      .filter((name) => name.endsWith('.ts') && !/words|spec/.test(name))
      .map((name) => readFileSync(join(import.meta.dirname, name), 'utf8'))
      .join('\n');
    // Reached by code only, through failureWords.
    const named = Object.keys(SHEET_WORDS.nl).filter((key) => key !== 'failures');
    const unused = named.filter(
      (key) => !new RegExp(`[wW]ords(\\[[^\\]]+\\])?\\.${key}\\b|\\]\\.${key}\\b`).test(sources),
    );
    expect(unused).toEqual([]);
  });

  it('put the same things in the same places', () => {
    const slots = (text: string): string[] => (text.match(/\{\w+\}/g) ?? []).sort();
    const flat = (words: object): string[] => JSON.stringify(words).split('","');
    flat(SHEET_WORDS.nl).forEach((text, index) => {
      expect(slots(flat(SHEET_WORDS.en)[index] ?? '')).toEqual(slots(text));
    });
  });
});
