import fc from 'fast-check';
import { Money } from '@stuiver/money';
import type { BankEntry, BankStatement, BankTransaction } from '../bank-statement.js';

const IBANS = ['NL20INGB0001234567', 'NL91ABNA0417164300', 'DE89370400440532013000'];

/** Any statement that a bank can state: sums hold, text has no white space around it. */
export function anyStatement(): fc.Arbitrary<BankStatement> {
  return fc
    .record({
      id: word(35),
      sequence: fc.option(fc.bigInt({ min: 0n, max: 999_999_999_999_999_999n })),
      iban: fc.constantFrom(...IBANS),
      fromDay: day(),
      toDay: day(),
      createdAt: fc.date({
        min: new Date('2020-01-01T00:00:00Z'),
        max: new Date('2099-01-01T00:00:00Z'),
        noInvalidDate: true,
      }),
      opening: amount(),
      entries: fc.array(entry(), { maxLength: 6 }),
    })
    .map((stated) => ({ ...stated, closing: sum(stated.opening, stated.entries) }));
}

function entry(): fc.Arbitrary<BankEntry> {
  return fc
    .record({
      reference: fc.option(word(35)),
      bankReference: fc.option(word(35)),
      alone: amount(),
      bookedOn: day(),
      valuedOn: day(),
      reversal: fc.boolean(),
      code: fc.option(fc.constantFrom('PMNT/ICDT/ESCT', 'PMNT/ICDT/RRTN', 'PMNT/RCDT/ESCT')),
      paymentInformationId: fc.option(word(35)),
      transactions: fc.array(transaction(), { maxLength: 4 }),
    })
    .map(({ alone, ...stated }) => ({
      ...stated,
      amount: stated.transactions.length === 0 ? alone : sum(euro(0n), stated.transactions),
    }));
}

function transaction(): fc.Arbitrary<BankTransaction> {
  return fc.record({
    amount: amount(),
    endToEndId: fc.option(word(35)),
    instructionId: fc.option(word(35)),
    transactionId: fc.option(word(35)),
    remittance: fc.option(word(140)),
    counterpartyName: fc.option(word(140)),
    counterpartyIban: fc.option(fc.constantFrom(...IBANS)),
    returnReason: fc.option(fc.constantFrom('AC01', 'AC04', 'MS03')),
  });
}

function word(charactersMax: number): fc.Arbitrary<string> {
  return fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: charactersMax })
    .map((text) => text.trim().slice(0, charactersMax))
    .filter((text) => /^\P{C}+$/u.test(text) && text.trim() === text && text !== 'NOTPROVIDED');
}

function day(): fc.Arbitrary<string> {
  return fc
    .integer({ min: 0, max: 20_000 })
    .map((days) => new Date(days * 86_400_000).toISOString().slice(0, 10));
}

function amount(): fc.Arbitrary<Money> {
  return fc.bigInt({ min: -99_999_999_999n, max: 99_999_999_999n }).map(euro);
}

function euro(minor: bigint): Money {
  return Money.ofMinor(minor, 'EUR');
}

function sum(start: Money, parts: readonly { readonly amount: Money }[]): Money {
  return parts.reduce((total, part) => total.plus(part.amount), start);
}
