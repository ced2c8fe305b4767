import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { validateXML } from 'xmllint-wasm';
import { Refusal } from '@stuiver/errors';
import { Money } from '@stuiver/money';
import { REPOSITORY_ROOT } from '@stuiver/testing';
import { type CreditTransfer, type Pain001, writePain001 } from './pain001.js';

/** The message definitions may not be shipped; whoever has them beside the repository gets the proof. */
const XSD_DIR = process.env['STUIVER_XSD_DIR'] ?? join(REPOSITORY_ROOT, '../shared/data/xsd');
const XSD = join(XSD_DIR, 'pain.001.001.09.xsd');

const TRANSFER: CreditTransfer = {
  endToEndId: 'po0mabcdef0123456789012345678',
  amount: Money.ofMinor(1_250n, 'EUR'),
  creditor: { name: 'Café De Stuiver & Zn.', iban: 'NL91 ABNA 0417 1643 00' },
  remittance: 'Stuiver stl0mabc 2026-11-23',
};
const ORDER: Pain001 = {
  messageId: 'pob0mabcdef0123456789012345678',
  createdAt: new Date('2026-11-23T14:00:00.123Z'),
  initiator: { name: 'Stuiver Sandbox' },
  debtor: { name: 'Stuiver Sandbox', iban: 'NL20INGB0001234567' },
  executionDate: '2026-11-24',
  transfers: [TRANSFER],
};
const anyName = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }),
  fc.string({ unit: fc.constantFrom(...`aé&<>"'_/ ß中ж\u0000\n`) }),
);

function refusalOf(order: Pain001): Refusal {
  try {
    writePain001(order);
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

/** The file, or undefined when the name was refused with field and rule. */
function writeNamed(name: string): string | undefined {
  const transfer = { ...TRANSFER, creditor: { ...TRANSFER.creditor, name } };
  try {
    return writePain001({ ...ORDER, transfers: [transfer] }).xml;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    expect(error.facts).toMatchObject({
      field: 'transfers[0].creditor.name',
      rule: expect.any(String),
    });
    return undefined;
  }
}

describe('writePain001', () => {
  it('states the sum and the count of its content, in whole cents', () => {
    const amounts = [10n, 20n, 29_990n];
    const transfers = amounts.map((minor, index) => ({
      ...TRANSFER,
      endToEndId: `po${String(index)}`,
      amount: Money.ofMinor(minor, 'EUR'),
    }));
    const file = writePain001({ ...ORDER, transfers });
    expect(file.controlSum.minor).toBe(30_020n);
    expect(file.count).toBe(3);
    expect(file.xml.match(/<CtrlSum>300\.20<\/CtrlSum>/g)).toHaveLength(2);
    expect(file.xml.match(/<NbOfTxs>3<\/NbOfTxs>/g)).toHaveLength(2);
    expect(file.xml).toContain('<InstdAmt Ccy="EUR">299.90</InstdAmt>');
  });

  it('writes names as every bank can read them', () => {
    expect(writePain001(ORDER).xml).toContain('<Nm>Cafe De Stuiver + Zn.</Nm>');
  });

  it('hashes exactly the bytes it gives', () => {
    const { xml, sha256 } = writePain001(ORDER);
    expect(sha256).toBe(createHash('sha256').update(Buffer.from(xml, 'utf8')).digest('hex'));
  });

  it('gives the same bytes for the same order, whatever the name', () => {
    fc.assert(
      fc.property(anyName, (name) => {
        expect(writeNamed(name)).toBe(writeNamed(name));
      }),
    );
  });

  // prettier-ignore
  it.each<[field: string, rule: string, change: Partial<Pain001> | { transfer: Partial<CreditTransfer> }]>([
    ['transfers', 'at least one', { transfers: [] }],
    ['transfers[1].endToEndId', 'once', { transfers: [TRANSFER, TRANSFER] }],
    ['messageId', '35', { messageId: 'x'.repeat(36) }],
    ['messageId', 'letters', { messageId: 'pob_1' }],
    ['messageId', 'letters', { messageId: '' }],
    ['initiator.name', '70', { initiator: { name: 'n'.repeat(71) } }],
    ['debtor.iban', 'check digits', { debtor: { name: 'A', iban: 'NL21INGB0001234567' } }],
    ['debtor.bic', 'BIC', { debtor: { ...ORDER.debtor, bic: 'NOTPROVIDED' } }],
    ['executionDate', 'calendar', { executionDate: '2026-02-29' }],
    ['executionDate', 'calendar', { executionDate: '2026-13-01' }],
    ['executionDate', 'calendar', { executionDate: '24-11-2026' }],
    ['transfers[0].amount', '0.01', { transfer: { amount: Money.zero('EUR') } }],
    ['transfers[0].amount', '0.01', { transfer: { amount: Money.ofMinor(-1n, 'EUR') } }],
    ['transfers[0].amount', '999999999.99', { transfer: { amount: Money.ofMinor(100_000_000_000n, 'EUR') } }],
    ['transfers[0].endToEndId', '//', { transfer: { endToEndId: 'a//b' } }],
    ['transfers[0].endToEndId', 'start', { transfer: { endToEndId: '/ab' } }],
    ['transfers[0].endToEndId', 'end', { transfer: { endToEndId: 'ab/' } }],
    ['transfers[0].remittance', '140', { transfer: { remittance: 'r'.repeat(141) } }],
    ['transfers[0].remittance', 'something', { transfer: { remittance: ' ' } }],
    ['transfers[0].creditor.name', 'letters', { transfer: { creditor: { ...TRANSFER.creditor, name: '咖啡' } } }],
    ['transfers[0].creditor.name', '70', { transfer: { creditor: { ...TRANSFER.creditor, name: 'ß'.repeat(36) } } }],
    ['transfers[0].creditor.iban', 'SEPA', { transfer: { creditor: { name: 'A', iban: 'BR1500000000000010932840814P2' } } }],
  ])('refuses %s that breaks "%s"', (field, rule, change) => {
    const order = 'transfer' in change ? { ...ORDER, transfers: [{ ...TRANSFER, ...change.transfer }] } : { ...ORDER, ...change };
    const { code, facts } = refusalOf(order);
    expect({ code, field: facts['field'] }).toEqual({ code: 'PARAM_ERROR', field });
    expect(facts['rule']).toContain(rule);
  });

  it('keeps names and account numbers out of its refusals', () => {
    const creditor = { name: 'Anna de Vries', iban: 'NL00ABNA0417164300' };
    const refusal = refusalOf({ ...ORDER, transfers: [{ ...TRANSFER, creditor }] });
    expect(refusal.message).not.toMatch(/Anna|0417164300/);
  });
});

const proof = existsSync(XSD) ? describe : describe.skip;

proof(
  `pain.001.001.09 against its XSD (optional: needs STUIVER_XSD_DIR, looked in ${XSD_DIR})`,
  () => {
    it('holds for a plain file and for one with BICs', async () => {
      const withBics = {
        ...ORDER,
        debtor: { ...ORDER.debtor, bic: 'INGBNL2A' },
        transfers: [{ ...TRANSFER, creditor: { ...TRANSFER.creditor, bic: 'ABNANL2A' } }],
      };
      expect(await problemsOf([writePain001(ORDER).xml, writePain001(withBics).xml])).toEqual([]);
    });

    it('holds whatever the name', async () => {
      const files = fc.sample(anyName, 200).flatMap((name) => writeNamed(name) ?? []);
      expect(files.length).toBeGreaterThan(20);
      expect(await problemsOf(files)).toEqual([]);
    }, 60_000);

    it('fails for a file with a line cut out', async () => {
      const broken = writePain001(ORDER).xml.replace(/ *<PmtMtd>TRF<\/PmtMtd>\n/, '');
      expect(await problemsOf([broken])).not.toEqual([]);
    });
  },
);

async function problemsOf(files: readonly string[]): Promise<readonly string[]> {
  const schema = { fileName: 'pain.xsd', contents: await readFile(XSD, 'utf8') };
  const xml = files.map((contents, index) => ({ fileName: `${String(index)}.xml`, contents }));
  const { errors } = await validateXML({ xml, schema });
  return errors.map(({ message }) => message);
}
