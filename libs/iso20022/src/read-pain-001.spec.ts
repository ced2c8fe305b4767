import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Money } from '@stuiver/money';
import { isEpcName, type Pain001, readPain001, toEpcText, writePain001 } from './index.js';

const IBANS = ['NL20INGB0001234567', 'NL91ABNA0417164300', 'DE89370400440532013000'];

function batches(): fc.Arbitrary<Pain001> {
  const name = fc.string({ unit: 'grapheme', maxLength: 90 }).filter(isEpcName);
  const party = fc.record({ name, iban: fc.constantFrom(...IBANS) });
  const amount = fc.bigInt({ min: 1n, max: 99_999_999_999n });
  const transfer = fc.record({
    amount: amount.map((minor) => Money.ofMinor(minor, 'EUR')),
    creditor: party,
    remittance: name,
  });
  return fc.record({
    messageId: fc.stringMatching(/^[A-Za-z0-9]{1,35}$/),
    createdAt: fc
      .integer({ min: 1_600_000_000, max: 4_000_000_000 })
      .map((seconds) => new Date(seconds * 1_000)),
    initiator: fc.record({ name }),
    debtor: party,
    executionDate: fc.constantFrom('2026-11-24', '2028-02-29'),
    transfers: fc
      .array(transfer, { minLength: 1, maxLength: 5 })
      .map((list) => list.map((each, index) => ({ ...each, endToEndId: `po-${index}` }))),
  });
}

/** Names and remittance are written with the characters that banks take. */
function asWritten(batch: Pain001): Pain001 {
  const nameOf = <T extends { readonly name: string }>(party: T): T => ({
    ...party,
    name: toEpcText(party.name, 70),
  });
  return {
    ...batch,
    initiator: nameOf(batch.initiator),
    debtor: nameOf(batch.debtor),
    transfers: batch.transfers.map((transfer) => ({
      ...transfer,
      creditor: nameOf(transfer.creditor),
      remittance: toEpcText(transfer.remittance, 140),
    })),
  };
}

function bytes(xml: string): Uint8Array {
  return Buffer.from(xml, 'utf8');
}

describe('readPain001', () => {
  it('reads what is written, to the cent', () => {
    fc.assert(
      fc.property(batches(), (batch) => {
        expect(readPain001(bytes(writePain001(batch).xml))).toEqual({
          ...asWritten(batch),
          paymentInformationId: batch.messageId,
          batchBooking: true,
        });
      }),
    );
  });

  it.each<[string, string, string, string]>([
    ['a count that is wrong', '<NbOfTxs>2<', '<NbOfTxs>3<', 'must count the transfers: 2'],
    ['a sum that is wrong', '<CtrlSum>3.00<', '<CtrlSum>3.01<', 'must sum the amounts: 3.00'],
    ['another method', '>TRF<', '>CHK<', 'must be TRF'],
    ['three decimals', '>1.00<', '>1.000<', 'at most two decimals'],
    ['dollars', 'Ccy="EUR">1.00', 'Ccy="USD">1.00', 'must be EUR'],
    ['an element it does not know', '<ChrgBr>', '<UltmtDbtr/><ChrgBr>', 'is not taken'],
    ['a wrong IBAN', 'NL91ABNA0417164300', 'NL92ABNA0417164300', 'check digits'],
    ['the same payment twice', '>po-1</EndToEndId>', '>po-0</EndToEndId>', 'must be unique'],
    ['a DOCTYPE', '<Document', '<!DOCTYPE x><Document', 'is not taken'],
  ])('refuses a file with %s', (_what, good, bad, rule) => {
    const { xml } = writePain001({
      messageId: 'pob-1',
      createdAt: new Date('2026-11-23T10:00:00Z'),
      initiator: { name: 'Stuiver' },
      debtor: { name: 'Stuiver', iban: 'NL20INGB0001234567' },
      executionDate: '2026-11-24',
      transfers: [100n, 200n].map((minor, index) => ({
        endToEndId: `po-${index}`,
        amount: Money.ofMinor(minor, 'EUR'),
        creditor: { name: 'Cafe', iban: 'NL91ABNA0417164300' },
        remittance: 'Settlement 7',
      })),
    });
    expect(xml).toContain(good);
    expect(() => readPain001(bytes(xml.replace(good, bad)))).toThrow(rule);
  });
});
