import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type LogFields, withTrace } from '@stuiver/ports';
import { JsonLog } from './json-log.js';
import { NOT_LISTED } from './safe-fields.js';

/** What a log wrote, line by line, as text. */
function listen(work: (log: JsonLog) => void, level: 'info' | 'warn' = 'info'): readonly string[] {
  const lines: string[] = [];
  work(new JsonLog(level, { write: (line) => void lines.push(line) }));
  return lines;
}

const parsed = (lines: readonly string[]): readonly unknown[] =>
  lines.map((line) => JSON.parse(line) as unknown);

const digits = (count: number) =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength: count, maxLength: count });

/** A number with the check digit that makes it pass Luhn. */
const card = fc.integer({ min: 12, max: 18 }).chain((count) =>
  digits(count).map((body) => {
    const sum = [...body].reverse().reduce((total, digit, place) => {
      const doubled = place % 2 === 0 ? digit * 2 : digit;
      return total + (doubled > 9 ? doubled - 9 : doubled);
    }, 0);
    return `${body.join('')}${String((10 - (sum % 10)) % 10)}`;
  }),
);

const dutchIban = digits(10).map((account) => {
  const bban = `INGB${account.join('')}`;
  // N and L are 23 and 21, I N G B 18 23 16 11.
  const rest = BigInt(`18231611${account.join('')}232100`) % 97n;
  return `NL${String(98n - rest).padStart(2, '0')}${bban}`;
});
const germanIban = digits(18).map((account) => {
  const rest = BigInt(`${account.join('')}131400`) % 97n;
  return `DE${String(98n - rest).padStart(2, '0')}${account.join('')}`;
});
const inFours = (text: string): string => text.replace(/(.{4})(?=.)/g, '$1 ');

const secret = fc.oneof(
  card,
  card.map(inFours),
  dutchIban,
  dutchIban.map(inFours),
  germanIban.map((iban) => iban.toLowerCase()),
  fc.emailAddress(),
  fc.base64String({ minLength: 20 }).map((token) => `Bearer ${token}`),
  fc.stringMatching(/^sk_(test|live)_[A-Za-z0-9]{12,24}$/),
  fc.stringMatching(/^whsec_[A-Za-z0-9]{12,43}$/),
  fc
    .base64String({ minLength: 40 })
    .map((body) => `-----BEGIN PRIVATE KEY-----\n${body}\n-----END PRIVATE KEY-----`),
  fc.stringMatching(/^[A-Za-z0-9:@]{8,20}$/).map((word) => `postgres://ada:${word}@db:5432/books`),
);
/** Words as sentences have them: no digit that would be read as part of a number. */
const words = fc.stringMatching(/^[a-z .,!?]{0,40}$/);
const anyKey = fc.constantFrom('order_id', 'reason', 'iban', 'email', 'pin', 'token', 'detail');

/** The part that tells: a URL's host and a scheme's name may stay. */
function core(text: string): string {
  if (text.startsWith('postgres')) return text.slice('postgres://'.length, text.lastIndexOf('@'));
  return text
    .replace(/^Bearer /, '')
    .replace(/^-+BEGIN PRIVATE KEY-+\n|\n-+END PRIVATE KEY-+$/g, '');
}

describe('the log', () => {
  it('lets no bank account, card, address, credential or key through, wherever it is put', () => {
    fc.assert(
      fc.property(secret, words, words, anyKey, (value, before, after, key) => {
        const text = `${before} ${value} ${after}`;
        const [line = ''] = listen((log) => {
          const cause = new Error(text, { cause: new Error(text) });
          log.error(text, { [key]: text, [text]: 'as a key' }, cause);
        });
        expect(line).not.toContain(JSON.stringify(core(value)).slice(1, -1));
      }),
      { numRuns: 500 },
    );
  });

  it('masks the value of a key that is not listed, and says so', () => {
    const fields: LogFields = { order_id: 'ord_1', payer_name: 'Ada Lovelace', tries: 3, ok: true };
    expect(
      parsed(
        listen((log) => {
          log.warn('told', fields);
        }),
      ),
    ).toMatchObject([
      { msg: 'told', order_id: 'ord_1', payer_name: NOT_LISTED, tries: 3, ok: true },
    ]);
  });

  it('masks a card number that came as a number', () => {
    const [line] = listen((log) => {
      log.info('told', { amount_minor: 4_242_424_242_424_242 });
    });
    expect(line).not.toContain('4242');
  });

  it('leaves ids, times and counts as they are', () => {
    const fields = {
      order_id: 'ord_0f8fad5bd9cb469fa16570867728950e',
      transaction_id: '4200001234202611230123456789',
      event_id: 'de305d54-75b4-431b-adb2-eb6b9e546014',
      at: '2026-11-23T04:30:33.120Z',
      mchid: '1900000109',
    };
    expect(
      parsed(
        listen((log) => {
          log.info('told', fields);
        }),
      ),
    ).toMatchObject([fields]);
  });

  it('tells of an error its kind, code and place, never what the database knew of the row', () => {
    const failure = Object.assign(new Error('duplicate key value'), {
      ...{
        code: '23505',
        constraint: 'payee_has_no_twin',
        detail: 'Key (name)=(Ada Lovelace) exists',
      },
      ...{ parameters: ['Ada Lovelace'], query: 'insert …' },
    });
    const [line = ''] = listen((log) => {
      log.error('failed', {}, failure);
    });
    expect(line).not.toContain('Lovelace');
    expect(JSON.parse(line)).toMatchObject({
      error: { type: 'Error', code: '23505', constraint: 'payee_has_no_twin' },
    });
  });

  it('leaves out what a parser quotes', () => {
    const [line] = listen((log) => {
      log.error('failed', {}, new SyntaxError('Unexpected token "Ada Lovelace"'));
    });
    expect(line).not.toContain('Lovelace');
  });

  it('cuts what is long without cutting a number into something harmless', () => {
    for (let length = 3_900; length < 4_010; length += 1) {
      const [line = ''] = listen((log) => {
        log.info(`-----BEGIN KEY-----${'x'.repeat(length)}-----END KEY----- 4242424242424242`);
      });
      expect(line).not.toContain('4242');
    }
  });

  it('names the request and the trace on every line inside, and on none outside', () => {
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    const lines = listen((log) => {
      withTrace({ traceparent, requestId: 'req-1' }, () => {
        log.info('inside');
      });
      withTrace({ traceparent, requestId: null }, () => {
        log.warn('handled');
      });
      log.info('outside');
    });
    const trace_id = '4bf92f3577b34da6a3ce929d0e0e4736';
    expect(parsed(lines)).toEqual([
      expect.objectContaining({ msg: 'inside', request_id: 'req-1', trace_id }),
      expect.objectContaining({ msg: 'handled', trace_id }),
      expect.not.objectContaining({ trace_id }),
    ]);
  });

  it('writes nothing below its level', () => {
    expect(
      listen((log) => {
        log.info('quiet');
      }, 'warn'),
    ).toEqual([]);
  });
});
