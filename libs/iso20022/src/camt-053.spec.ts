import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { validateXML } from 'xmllint-wasm';
import { Money } from '@stuiver/money';
import { type BankStatement, readCamt053, writeCamt053 } from './index.js';
import { inVersion02, inVersion08 } from './testing/camt-files.js';
import { anyStatement } from './testing/any-statement.js';

const euro = (minor: bigint): Money => Money.ofMinor(minor, 'EUR');

function read(xml: string): readonly BankStatement[] {
  return readCamt053(Buffer.from(xml, 'utf8'));
}

/** An error that says PARAM_ERROR for an element whose path ends so, with a rule that holds these words. */
function refused(fieldEnd: RegExp, words: string): Error {
  const facts: unknown = expect.objectContaining({
    field: expect.stringMatching(fieldEnd) as unknown,
    rule: expect.stringContaining(words) as unknown,
  });
  return expect.objectContaining({ code: 'PARAM_ERROR', facts }) as unknown as Error;
}

describe.each([
  ['08', inVersion08],
  ['02', inVersion02],
])('a statement of version %s', (_version, file) => {
  it('is read to the cent, with batches, returns and both sides', () => {
    const [statement] = read(file());
    expect(statement).toMatchObject({
      id: 'STMT-42',
      sequence: 42n,
      iban: 'NL20INGB0001234567',
      fromDay: '2026-11-24',
      toDay: '2026-11-24',
      createdAt: new Date('2026-11-24T22:15:00.000Z'),
      opening: euro(100_000n),
      closing: euro(70_110n),
    });
    expect(statement?.entries.map(({ amount, code }) => [amount.minor, code])).toEqual([
      [-29_990n, 'PMNT/ICDT/ESCT'],
      [100n, 'PMNT/ICDT/RRTN'],
    ]);
    expect(statement?.entries[0]).toMatchObject({
      paymentInformationId: 'pob-7',
      bookedOn: '2026-11-24',
      transactions: [
        { amount: euro(-19_990n), endToEndId: 'po-1', counterpartyIban: 'NL91ABNA0417164300' },
        { amount: euro(-10_000n), endToEndId: 'po-2', counterpartyName: 'Bakker & Zn' },
      ],
    });
  });

  it('says why a payment came back, and from whom, as the parties of the payment stay', () => {
    const [statement] = read(file());
    expect(statement?.entries[1]).toMatchObject({
      reversal: true,
      transactions: [
        { returnReason: 'AC04', endToEndId: 'po-0', counterpartyIban: 'NL91ABNA0417164300' },
      ],
    });
  });

  it('leaves out what is not booked', () => {
    expect(() => read(file().replaceAll('BOOK', 'PDNG'))).toThrow(
      refused(/Bal$/, 'closing must be opening plus booked entries: 1000.00'),
    );
  });
});

describe('a statement that does not add up', () => {
  it('is refused with both sums', () => {
    expect(() => read(inVersion08().replace('>701.10<', '>701.11<'))).toThrow(
      refused(/^Document\/BkToCstmrStmt\/Stmt\[1\]\/Bal$/, '701.10, not 701.11'),
    );
  });

  it('in a batch line is refused, and the line named', () => {
    const wrong = inVersion08().replace('>199.90<', '>199.80<');
    expect(() => read(wrong)).toThrow(
      refused(/Stmt\[1\]\/Ntry\[1\]\/NtryDtls$/, 'sum to the line: -299.80, not -299.90'),
    );
  });
});

describe('a hostile file', () => {
  const laughs = `<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>`;
  const external = '<!DOCTYPE x SYSTEM "file:///etc/passwd">';

  // prettier-ignore
  it.each<[string, (xml: string) => string, RegExp, string]>([
    ['a DOCTYPE', (xml) => xml.replace('<Document', '<!DOCTYPE x><Document'), /DOCTYPE/, 'not'],
    ['a billion laughs', (xml) => xml.replace('<Document', `${laughs}<Document`), /DOCTYPE/, 'not'],
    ['an external entity', (xml) => xml.replace('<Document', `${external}<Document`), /DOCTYPE/, 'not'],
    ['an entity of HTML', (xml) => xml.replace('STMT-42', '&eacute;'), /Id$/, 'well-formed'],
    ['an instruction', (xml) => xml.replace('<Document', '<?php ?><Document'), /Document/, 'instruction'],
    ['UTF-7', (xml) => xml.replace('UTF-8', 'UTF-7'), /Document/, 'UTF-8'],
    ['another message', (xml) => xml.replace('camt.053', 'camt.052'), /Document/, 'namespace'],
    ['half a file', (xml) => xml.slice(0, xml.length / 2), /Ntry/, 'well-formed'],
    ['nothing', () => '', /Document/, 'must be there'],
    ['three decimals', (xml) => xml.replace('>1.00<', '>1.000<'), /Ntry\[2\]\/Amt$/, 'two decimals'],
    ['a sign', (xml) => xml.replace('>1.00<', '>-1.00<'), /Ntry\[2\]\/Amt$/, 'without sign'],
    ['an exponent', (xml) => xml.replace('>1.00<', '>1e2<'), /Ntry\[2\]\/Amt$/, 'decimals'],
    ['dollars', (xml) => xml.replace('"EUR">1.00', '"USD">1.00'), /Amt\/@Ccy$/, 'EUR'],
    ['a wrong IBAN', (xml) => xml.replaceAll('NL20INGB', 'NL21INGB'), /IBAN$/, 'check digits'],
    ['two ids', (xml) => xml.replace('<Id>STMT-42</Id>', '$&$&'), /Stmt\[1\]\/Id$/, 'once'],
    ['no side', (xml) => xml.replace('<CdtDbtInd>CRDT</CdtDbtInd>', ''), /CdtDbtInd$/, 'must be there'],
    ['no such day', (xml) => xml.replaceAll('2026-11-24', '2026-02-30'), /Dt$/, 'date'],
  ])('with %s is refused', (_what, change, field, rule) => {
    const changed = change(inVersion08());
    expect(changed).not.toBe(inVersion08());
    expect(() => read(changed)).toThrow(refused(field, rule));
  });

  it('of 50 MB is refused before it is looked at', () => {
    expect(() => readCamt053(new Uint8Array(50 * 1024 * 1024))).toThrow('BODY_TOO_LARGE');
  });

  it('that is not UTF-8 is refused', () => {
    expect(() => readCamt053(Uint8Array.of(0xff, 0xfe, 0x3c, 0x00))).toThrow('UTF-8');
  });

  it.each([
    ['depth', '<a>'.repeat(100)],
    ['elements', '<a/>'.repeat(200_000)],
    ['text', 'x'.repeat(30_000)],
  ])('of too much %s is refused', (_what, much) => {
    expect(() => read(inVersion08().replace('<Id>STMT-42', `<Id>${much}`))).toThrow('at most');
  });
});

describe('writeCamt053', () => {
  it('writes what is read back as the same, whatever it is', () => {
    fc.assert(
      fc.property(anyStatement(), (statement) => {
        expect(read(writeCamt053(statement))).toEqual([statement]);
      }),
    );
  });

  it('writes the same bytes for the same statement', () => {
    const [statement] = fc.sample(anyStatement(), 1);
    if (statement === undefined) throw new Error('one was asked for');
    expect(writeCamt053(statement)).toBe(writeCamt053(statement));
  });
});

/** The ISO message definitions may not be shipped: without them this suite is skipped. */
const XSD_FOLDER =
  process.env['STUIVER_XSD_DIR'] ?? resolve(import.meta.dirname, '../../../../shared/data/xsd');

(existsSync(join(XSD_FOLDER, 'camt.053.001.08.xsd')) ? describe : describe.skip)(
  'the ISO schemas of camt.053',
  () => {
    async function objections(version: '02' | '08', xml: string): Promise<readonly unknown[]> {
      const fileName = `camt.053.001.${version}.xsd`;
      const schema = { fileName, contents: await readFile(join(XSD_FOLDER, fileName), 'utf8') };
      const { errors } = await validateXML({
        xml: { fileName: 'statement.xml', contents: xml },
        schema,
      });
      return errors;
    }

    it('accept the files these tests read', async () => {
      expect(await objections('08', inVersion08())).toEqual([]);
      expect(await objections('02', inVersion02())).toEqual([]);
    });

    it('accept what is written', async () => {
      for (const statement of fc.sample(anyStatement(), { numRuns: 15, seed: 20261124 })) {
        expect(await objections('08', writeCamt053(statement))).toEqual([]);
      }
    });
  },
);

describe('a day with very many lines', () => {
  it('is read to the last, however it is laid out', () => {
    const count = 25_000;
    const amount = euro(-1_250n);
    const entry = (no: number) => ({
      ...{ reference: null, bankReference: null, amount, bookedOn: '2026-11-20' },
      ...{ valuedOn: '2026-11-20', reversal: false, code: null, paymentInformationId: null },
      transactions: [
        {
          ...{ amount, endToEndId: `E2E-${String(no)}`, instructionId: null, transactionId: null },
          ...{
            remittance: 'x',
            counterpartyName: null,
            counterpartyIban: null,
            returnReason: null,
          },
        },
      ],
    });
    const xml = writeCamt053({
      ...{ id: 'LONG', sequence: 1n, iban: 'NL20INGB0001234567', createdAt: new Date(0) },
      ...{ fromDay: '2026-11-20', toDay: '2026-11-20', opening: euro(31_250_000n) },
      ...{ closing: euro(0n), entries: Array.from({ length: count }, (_none, no) => entry(no)) },
    });
    const [statement] = readCamt053(Buffer.from(xml.replaceAll('><', '>\n\t<')));
    expect(statement?.entries).toHaveLength(count);
    expect(statement?.entries.at(-1)?.transactions[0]?.endToEndId).toBe(`E2E-${String(count - 1)}`);
  });
});
