import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { validateXML } from 'xmllint-wasm';
import { Money } from '@stuiver/money';
import { isEpcName, objectionTo, type Pain001, toEpcText, writePain001 } from './index.js';

const euro = (minor: bigint): Money => Money.ofMinor(minor, 'EUR');

function batch(overrides: Partial<Pain001> = {}): Pain001 {
  return {
    messageId: 'pob-1',
    createdAt: new Date('2026-11-23T10:00:00.000Z'),
    initiator: { name: 'Stuiver' },
    debtor: { name: 'Stuiver', iban: 'NL20INGB0001234567' },
    executionDate: '2026-11-24',
    transfers: [
      {
        endToEndId: 'po-1',
        amount: euro(29_990n),
        creditor: { name: 'Café De Stuiver', iban: 'NL91ABNA0417164300' },
        remittance: 'Settlement 7',
      },
    ],
    ...overrides,
  };
}

describe('toEpcText', () => {
  it.each([
    ['Café & Zoë', 'Cafe + Zoe'],
    ['Straße', 'Strasse'],
    ['//a//', 'a'],
    ['日本', '..'],
    ['a\n\tb', 'a b'],
    ['Καφέ Θάλασσα', 'Kafe Thalassa'],
    ['Кафе Чайка', 'Kafe Chayka'],
    ['Łódź', 'Lodz'],
  ])('writes "%s" as "%s"', (text, written) => {
    expect(toEpcText(text, 70)).toBe(written);
  });

  it('leaves nothing that a bank may refuse, whatever comes in', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const written = toEpcText(text, 70);
        expect(written).toMatch(/^[A-Za-z0-9/\-?:().,'+ ]{0,70}$/);
        expect(written).not.toMatch(/^\/|\/$|\/\//);
      }),
    );
  });
});

describe('a name', () => {
  it.each(['Café', 'Καφέ', 'Кафе', '日本 2'])('%s can be written for a bank', (name) => {
    expect(isEpcName(name)).toBe(true);
  });

  it.each(['日本', '...', '', '/ /'])('%s cannot be written for a bank', (name) => {
    expect(isEpcName(name)).toBe(false);
  });
});

describe('one transfer', () => {
  it('that can stand in a file meets no objection', () => {
    expect(batch().transfers.map(objectionTo)).toEqual([undefined]);
  });

  it.each([
    [{ creditor: { name: '日', iban: 'NL91ABNA0417164300' } }, 'transfer.creditor.name must'],
    [{ creditor: { name: 'A', iban: 'NL92ABNA0417164300' } }, 'transfer.creditor.iban must'],
    [{ amount: euro(100_000_000_000n) }, 'transfer.amount must be 0.01 to 999999999.99'],
  ])('%j meets one that says why', (given, says) => {
    const [good] = batch().transfers;
    if (good === undefined) throw new Error('the batch has a transfer');
    expect(objectionTo({ ...good, ...given })).toContain(says);
  });
});

describe('pain.001.001.09', () => {
  it('is the same bytes for the same batch', () => {
    expect(writePain001(batch())).toEqual(writePain001(batch()));
  });

  it('counts and sums what it carries, to the cent', () => {
    const amounts = fc.array(fc.bigInt({ min: 1n, max: 99_999_999_999n }), {
      minLength: 1,
      maxLength: 20,
    });
    fc.assert(
      fc.property(amounts, (minors) => {
        const [template] = batch().transfers;
        if (template === undefined) throw new Error('the batch has a transfer');
        const transfers = minors.map((minor, index) => ({
          ...template,
          endToEndId: `po-${index}`,
          amount: euro(minor),
        }));
        const file = writePain001(batch({ transfers }));
        const sum = minors.reduce((total, minor) => total + minor, 0n);
        expect(file.controlSum.minor).toBe(sum);
        expect(file.xml).toContain(`<CtrlSum>${euro(sum).toMajorText()}</CtrlSum>`);
        expect(file.count).toBe(minors.length);
      }),
    );
  });

  it.each<[string, Partial<Pain001>]>([
    ['messageId', { messageId: '/x' }],
    ['messageId', { messageId: 'x'.repeat(36) }],
    ['executionDate', { executionDate: '2026-02-30' }],
    ['transfers', { transfers: [] }],
    ['debtor.iban', { debtor: { name: 'S', iban: 'NL20 INGB 0001 2345 67' } }],
    ['debtor.iban', { debtor: { name: 'S', iban: 'NL21INGB0001234567' } }],
    ['initiator.name', { initiator: { name: '日' } }],
  ])('is refused for a bad %s, which it names', (field, overrides) => {
    expect(() => writePain001(batch(overrides))).toThrow(
      expect.objectContaining({ facts: expect.objectContaining({ field }) as object }),
    );
  });

  it.each([0n, -1n, 100_000_000_000n])('is refused for an amount of %s minor', (minor) => {
    const [transfer] = batch().transfers;
    if (transfer === undefined) throw new Error('the batch has a transfer');
    expect(() =>
      writePain001(batch({ transfers: [{ ...transfer, amount: euro(minor) }] })),
    ).toThrow('amount');
  });
});

/** The ISO message definitions may not be shipped: without them this suite is skipped. */
const REPOSITORY = resolve(import.meta.dirname, '../../..');
const XSD = join(
  process.env['STUIVER_XSD_DIR'] ?? resolve(REPOSITORY, '../shared/data/xsd'),
  'pain.001.001.09.xsd',
);

(existsSync(XSD) ? describe : describe.skip)('the ISO schema of pain.001.001.09', () => {
  it('accepts what is written for any names', async () => {
    const names = fc.sample(
      fc
        .string({ unit: 'grapheme', maxLength: 140 })
        .filter((name) => /[A-Za-z0-9]/.test(toEpcText(name, 70))),
      { numRuns: 25, seed: 20261123 },
    );
    const transfers = names.map((name, index) => ({
      endToEndId: `po-${index}`,
      amount: euro(BigInt(index + 1)),
      creditor: {
        name,
        iban: 'NL91ABNA0417164300',
        ...(index % 2 === 0 ? { bic: 'ABNANL2A' } : {}),
      },
      remittance: name,
    }));
    const { errors } = await validateXML({
      xml: { fileName: 'batch.xml', contents: writePain001(batch({ transfers })).xml },
      schema: { fileName: 'pain.001.001.09.xsd', contents: await readFile(XSD, 'utf8') },
    });
    expect(errors).toEqual([]);
  });
});
