import { describe, expect, it } from '@jest/globals';
import type { PaymentCommand, PostingCommand } from './commands.js';
import { BATCH_COMMANDS_MAX, NEW_LEDGER, decide, type CommandToDecide } from './decide.js';

const EMPTY = NEW_LEDGER;

describe('decide at its limits', () => {
  it('takes at most 512 commands', () => {
    const many = Array.from({ length: BATCH_COMMANDS_MAX + 1 }, () => toDecide(pay({})));
    expect(() => decide(EMPTY, many)).toThrow('512');
  });

  it('refuses an ask that names no account of the chart, without keeping an answer', () => {
    const funded: PostingCommand = {
      kind: 'top-up',
      id: '1',
      effectiveAt: '',
      currency: 'EUR',
      amountMinor: '900',
      userId: 'usr_a',
      psp: 'stripe',
    };
    const strange = pay({ merchantId: 'a:b', funds: { kind: 'wallet', userId: 'usr_a' } });
    const { decisions } = decide(EMPTY, [funded, strange, strange].map(toDecide));
    expect(decisions.map(({ outcome }) => outcome)).toEqual(['posted', 'impossible', 'impossible']);
  });

  it('puts a fact for an account that cannot be into suspense', () => {
    const { decisions } = decide(EMPTY, [toDecide(pay({ merchantId: 'a:b' }))]);
    const moves = decisions[0]?.outcome === 'posted' ? decisions[0].moves : [];
    expect(moves.map((move) => [move.debit.code, move.credit.code])).toEqual([
      ['psp:stripe:balance', 'suspense:payment'],
      ['suspense:payment', 'fees:income'],
    ]);
  });

  it('counts no further than the books can', () => {
    const huge = '9'.repeat(18);
    const many = Array.from({ length: 9 }, (_, n) =>
      toDecide(pay({ id: String(n), amountMinor: huge })),
    );
    const outcomes = decide(EMPTY, many).decisions.map(({ outcome }) => outcome);
    expect(outcomes).toEqual([...Array.from({ length: 8 }, () => 'posted'), 'impossible']);
  });
});

function pay(over: Partial<PaymentCommand>): PostingCommand {
  return {
    kind: 'payment',
    id: '0',
    effectiveAt: '',
    currency: 'EUR',
    merchantId: '1900000001',
    funds: { kind: 'psp', psp: 'stripe', account: null },
    amountMinor: '100',
    feeMinor: '2',
    ...over,
  };
}

function toDecide(command: PostingCommand): CommandToDecide {
  return { command, content: JSON.stringify(command) };
}
