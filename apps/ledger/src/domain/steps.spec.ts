import { describe, expect, it } from '@jest/globals';
import { COMMON as common, pay, topUp } from '../testing/book.js';
import type { StepCommand } from './commands.js';
import { accountsOfStep, isStepCommand, stepsOf, type Step } from './steps.js';

const HOLD = 'c0.0';
const EXPIRES = '2026-12-01T10:00:00.000Z';
const given = (
  command: { readonly kind: string } & Readonly<Record<string, unknown>>,
): StepCommand => ({ id: 'c1', ...command }) as unknown as StepCommand;
const capture = (credit: string, amount: bigint): Step => ({
  ...{ do: 'capture', holdId: HOLD, credit, amount, take: 'exactly', purpose: 'capture' },
});

describe('the steps of a command', () => {
  it('are what a chain says, each hold named by its command and its place', () => {
    const chain: StepCommand = {
      ...{ kind: 'transfer-chain', id: 'c1', ...common },
      steps: [
        {
          ...{ do: 'transfer', purpose: 'gift', debit: 'a', credit: 'b', take: 'up-to' },
          amountMinor: '5',
        },
        { do: 'place', account: 'a', amountMinor: '6', expiresAt: EXPIRES },
        { do: 'place', account: 'b', amountMinor: '7', expiresAt: null },
        {
          ...{ do: 'capture', purpose: 'sale', holdId: HOLD, credit: 'b', take: 'up-to' },
          amountMinor: '8',
        },
        { do: 'increase', holdId: HOLD, amountMinor: '9' },
        { do: 'release', holdId: HOLD, amountMinor: '10' },
        { do: 'release', holdId: HOLD, amountMinor: null },
        { do: 'finish', holdId: HOLD },
      ],
    };
    expect(stepsOf(chain)).toEqual([
      {
        do: 'transfer',
        leg: { purpose: 'gift', debit: 'a', credit: 'b', amount: { take: 'up-to', minor: 5n } },
      },
      { do: 'place', holdId: 'c1.1', account: 'a', amount: 6n, expiresAt: new Date(EXPIRES) },
      { do: 'place', holdId: 'c1.2', account: 'b', amount: 7n, expiresAt: null },
      { do: 'capture', holdId: HOLD, credit: 'b', take: 'up-to', purpose: 'sale', amount: 8n },
      { do: 'increase', holdId: HOLD, amount: 9n },
      { do: 'release', holdId: HOLD, amount: 10n },
      { do: 'release', holdId: HOLD, amount: null },
      { do: 'finish', holdId: HOLD },
    ]);
  });

  it.each([
    [
      given({ kind: 'hold-place', ...common, account: 'a', amountMinor: '6', expiresAt: null }),
      [{ do: 'place', holdId: 'c1.0', account: 'a', amount: 6n, expiresAt: null }],
    ],
    [
      given({ kind: 'hold-increase', ...common, holdId: HOLD, amountMinor: '9' }),
      [{ do: 'increase', holdId: HOLD, amount: 9n }],
    ],
    [
      given({ kind: 'hold-release', ...common, holdId: HOLD, amountMinor: null }),
      [{ do: 'release', holdId: HOLD, amount: null }],
    ],
    [given({ kind: 'hold-expire', holdId: HOLD }), [{ do: 'expire', holdId: HOLD }]],
  ])('are one for %j', (command, steps) => {
    expect(stepsOf(command)).toEqual(steps);
  });

  it.each([
    { final: false, last: [] },
    { final: true, last: [{ do: 'finish', holdId: HOLD }] },
  ])('of a capture are its splits, then its end: final $final', ({ final, last }) => {
    const captures = [
      { credit: 'b', amountMinor: '1' },
      { credit: 'c', amountMinor: '2' },
    ];
    const command = given({ kind: 'hold-capture', ...common, holdId: HOLD, final, captures });
    expect(stepsOf(command)).toEqual([capture('b', 1n), capture('c', 2n), ...last]);
  });

  it('name the accounts that they know; a hold’s own account is known with the hold', () => {
    const leg = { purpose: 'gift', debit: 'a', credit: 'b', amount: { take: 'all' } } as const;
    const place = { holdId: 'c1.0', account: 'a', amount: 1n, expiresAt: null };
    expect(accountsOfStep({ do: 'transfer', leg })).toEqual(['a', 'b']);
    expect(accountsOfStep({ do: 'place', ...place })).toEqual(['a']);
    expect(accountsOfStep(capture('b', 1n))).toEqual(['b']);
    for (const kind of ['finish', 'expire'] as const) {
      expect(accountsOfStep({ do: kind, holdId: HOLD })).toEqual([]);
    }
    expect(accountsOfStep({ do: 'increase', holdId: HOLD, amount: 1n })).toEqual([]);
  });

  it('are there for chains and holds only', () => {
    expect(isStepCommand(given({ kind: 'hold-expire', holdId: HOLD }))).toBe(true);
    expect(isStepCommand({ kind: 'transfer-chain', id: 'c1', ...common, steps: [] })).toBe(true);
    expect([pay('1', '1'), topUp('2', '1')].map(isStepCommand)).toEqual([false, false]);
  });
});
