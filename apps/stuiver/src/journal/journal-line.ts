import { z } from 'zod';
import {
  type BookedTransfer,
  JournalEntryIdField,
  JournalTransferSchema,
} from '@stuiver/contracts';

/** The columns of a journal, in CSV by this order, in JSON lines by these names. Amounts are whole minor units. */
export const JOURNAL_COLUMNS = [
  'id',
  'seq',
  'booked_at',
  'effective_at',
  'own_effective_at',
  'kind',
  'purpose',
  'debit',
  'credit',
  'amount_minor',
  'currency',
] as const;

export type JournalLine = Readonly<Record<(typeof JOURNAL_COLUMNS)[number], string>>;

export function lineOf(transfer: BookedTransfer): JournalLine {
  return {
    id: transfer.commandId,
    seq: transfer.seq,
    booked_at: transfer.bookedAt,
    effective_at: transfer.effectiveAt,
    own_effective_at: transfer.ownEffectiveAt ?? '',
    kind: transfer.commandKind,
    purpose: transfer.purpose,
    debit: transfer.debit,
    credit: transfer.credit,
    amount_minor: transfer.amountMinor,
    currency: transfer.currency,
  };
}

const { purpose, debit, credit, amountMinor } = JournalTransferSchema.shape;

/** What an import needs of a line, each field with its rule in words. The columns of an export beside it are let be. */
const FIELDS = {
  id: { schema: JournalEntryIdField, rule: 'must be 1 to 100 letters, digits or _.:/-' },
  effective_at: {
    schema: z.iso.datetime({ offset: true }),
    rule: 'must be an ISO 8601 instant with its offset, as 2026-10-31T22:59:00Z',
  },
  purpose: { schema: purpose, rule: 'must be a word of lower-case letters, as opening' },
  debit: { schema: debit, rule: 'must be the name of an account' },
  credit: { schema: credit, rule: 'must be the name of an account' },
  amount_minor: {
    schema: amountMinor.refine((text) => text !== '0'),
    rule: 'must be whole minor units above 0, as 1250',
  },
  currency: { schema: z.literal('EUR'), rule: 'must be EUR' },
} as const;

export type ImportField = keyof typeof FIELDS;
export type ImportLine = Readonly<Record<ImportField, string>>;

export const IMPORT_FIELDS = Object.keys(FIELDS) as ImportField[];

/** A line that cannot be imported: which one, and why. */
export class LineProblem extends Error {
  override readonly name = 'LineProblem';

  constructor(line: number, field: string, rule: string, value?: string) {
    const shown = value === undefined ? '' : `: "${value.slice(0, 100)}"`;
    super(`line ${String(line)}: ${field} ${rule}${shown}`);
  }
}

/** @throws LineProblem naming line, field, rule and value. */
export function importLine(given: Readonly<Record<string, unknown>>, line: number): ImportLine {
  const fields = IMPORT_FIELDS.map((field) => {
    const value = given[field];
    const { schema, rule } = FIELDS[field];
    if (value === undefined || value === '') throw new LineProblem(line, field, 'is missing');
    if (typeof value !== 'string' || !schema.safeParse(value).success) {
      throw new LineProblem(
        line,
        field,
        rule,
        typeof value === 'string' ? value : JSON.stringify(value),
      );
    }
    return [field, value] as const;
  });
  const checked = Object.fromEntries(fields) as ImportLine;
  if (checked.debit !== checked.credit) return checked;
  throw new LineProblem(line, 'credit', 'must not be the account that is debited', checked.credit);
}
