import { placementOf, CHART_OF_ACCOUNTS } from '../chart-of-accounts.js';
import type { Hashing } from '../seal.js';
import { type Finding, NOTHING } from './finding.js';
import type { BatchContent, CommandRow, TransferRow } from './rows.js';
import type { Booking, LeafMaker } from './seal-of-rows.js';
import type { Standing, Standings } from './standing.js';

export interface Sealed {
  readonly content: BatchContent;
  readonly leaves: LeafMaker;
  /** Leaves that no row was found for. */
  readonly missing: ReadonlySet<string>;
  readonly standings: Standings;
  readonly hashing: Hashing;
  /** Every purpose that any transfer has. */
  readonly purposes: readonly string[];
}

/**
 * Why a booking is not the one that was sealed. Puts into one column after the other what the rest of the books says must
 * stand there: when that leads to the sealed hash, exactly this column was changed, and `expected` is proven.
 */
export function explain(booking: Booking, sealed: Sealed): Finding | undefined {
  return explainCommand(booking, sealed) ?? explainTransfers(booking, sealed);
}

const COMMAND_COLUMNS = {
  id: 'id',
  kind: 'kind',
  contentSha256: 'content_sha256',
  firstSeq: 'first_seq',
  transferCount: 'transfer_count',
  refusal: 'refusal',
  answer: 'answer',
  // It is read out of the content.
  metadata: 'content',
} as const;

function explainCommand(booking: Booking, sealed: Sealed): Finding | undefined {
  const { command } = booking;
  const said = contentOf(command);
  const candidates: [keyof typeof COMMAND_COLUMNS, string | null][] = [
    ['id', said['id'] ?? ''],
    ['id', booking.transfers[0]?.commandId ?? ''],
    ['kind', said['kind'] ?? ''],
    ['contentSha256', sealed.hashing.text(command.content)],
    ['refusal', null],
    ['answer', null],
    ['metadata', null],
    ['transferCount', String(booking.transfers.length)],
    ...placesOf(sealed.content).map((seq) => ['firstSeq', seq] as ['firstSeq', string]),
  ];
  for (const [field, value] of candidates) {
    if (value === command[field]) continue;
    const leaf = sealed.leaves.leafOf({ ...booking, command: { ...command, [field]: value } });
    if (!sealed.missing.has(leaf)) continue;
    const found = command[field] ?? 'null';
    return {
      ...{ table: 'command', key: command.id, column: COMMAND_COLUMNS[field] },
      ...{ expected: value ?? 'null', found },
    };
  }
  return undefined;
}

function placesOf({ batch }: BatchContent): string[] {
  const places = Number(batch.transferCount) + 1;
  return Array.from({ length: places }, (_, place) =>
    (BigInt(batch.firstSeq) + BigInt(place)).toString(),
  );
}

const TRANSFER_COLUMNS = {
  commandId: 'command_id',
  purpose: 'purpose',
  debit: 'debit',
  credit: 'credit',
  amountMinor: 'amount_minor',
  currency: 'currency',
  debitVersion: 'debit_version',
  debitAfter: 'debit_after',
  creditVersion: 'credit_version',
  creditAfter: 'credit_after',
  effectiveAt: 'effective_at',
  batch: 'batch',
} as const;

function explainTransfers(booking: Booking, sealed: Sealed): Finding | undefined {
  const before = standingsBefore(booking, sealed.content);
  for (const [index, transfer] of booking.transfers.entries()) {
    const with_ = (other: TransferRow): Booking => ({
      ...booking,
      transfers: booking.transfers.map((each, at) => (at === index ? other : each)),
    });
    const standing = (id: string): Standing => before.get(id) ?? sealed.standings.of(id);
    for (const [field, value] of candidatesFor(transfer, booking, { ...sealed, standing })) {
      if (value === transfer[field]) continue;
      const leaf = sealed.leaves.leafOf(with_({ ...transfer, [field]: value }));
      if (!sealed.missing.has(leaf)) continue;
      return {
        ...{ table: 'transfer', key: transfer.seq, column: TRANSFER_COLUMNS[field] },
        ...{ expected: value, found: transfer[field] },
      };
    }
    const renamed =
      explainCode(transfer, booking, sealed) ?? explainReversal(transfer, sealed, with_);
    if (renamed !== undefined) return renamed;
    note(before, transfer);
  }
  return undefined;
}

/** What earlier transfers of the batch say about their accounts. */
function standingsBefore({ transfers }: Booking, content: BatchContent): Map<string, Standing> {
  const before = new Map<string, Standing>();
  const [first] = transfers;
  for (const transfer of content.transfers) {
    if (transfer.seq === first?.seq) break;
    note(before, transfer);
  }
  return before;
}

function note(before: Map<string, Standing>, transfer: TransferRow): void {
  for (const side of ['debit', 'credit'] as const) {
    const version = BigInt(transfer[`${side}Version`]);
    before.set(transfer[side], { version, balance: BigInt(transfer[`${side}After`]) });
  }
}

type Candidate = readonly [keyof typeof TRANSFER_COLUMNS, string];

function candidatesFor(
  transfer: TransferRow,
  { command }: Booking,
  context: Sealed & { standing: (id: string) => Standing },
): readonly Candidate[] {
  const { standings, purposes, content, standing } = context;
  const amount = BigInt(transfer.amountMinor);
  const said = contentOf(command)['effectiveAt'];
  const candidates: Candidate[] = [
    ['commandId', command.id],
    ['batch', content.batch.no],
    ...(said === undefined ? [] : [['effectiveAt', microseconds(said)] as Candidate]),
    ['effectiveAt', content.batch.at],
    ...purposes.map((purpose): Candidate => ['purpose', purpose]),
  ];
  for (const side of ['debit', 'credit'] as const) {
    const id = transfer[side];
    const { version, balance } = standing(id);
    const grows = standings.normalSideOf(id) === side;
    const moved = BigInt(transfer[`${side}After`]) - balance;
    candidates.push(
      ['currency', standings.accounts.get(id)?.currency ?? ''],
      ['amountMinor', (moved < 0n ? -moved : moved).toString()],
      [`${side}Version`, (version + 1n).toString()],
      [`${side}After`, (grows ? balance + amount : balance - amount).toString()],
    );
    for (const account of standings.accounts.keys()) candidates.push([side, account]);
  }
  return candidates;
}

/** An account that has another name than when its transfer was sealed: the names its owner can have are tried. */
function explainCode(
  { debit, credit }: TransferRow,
  booking: Booking,
  { leaves, missing, standings }: Sealed,
): Finding | undefined {
  for (const id of [debit, credit]) {
    const row = standings.accounts.get(id);
    if (row === undefined) continue;
    for (const code of codesOf(row.owner)) {
      if (!missing.has(leaves.leafOf(booking, new Map([[id, code]])))) continue;
      return { table: 'account', key: id, column: 'code', expected: code, found: row.code };
    }
  }
  return undefined;
}

function codesOf(owner: string): string[] {
  const [, id = ''] = owner.split(':');
  const codes = CHART_OF_ACCOUNTS.map(({ pattern }) => pattern.replaceAll(/\{[a-z]+\}/g, id));
  return codes.filter((code) => placementOf(code)?.owner === owner);
}

function explainReversal(
  transfer: TransferRow,
  { leaves, missing }: Sealed,
  with_: (other: TransferRow) => Booking,
): Finding | undefined {
  const { reversal } = transfer;
  if (reversal === null) return undefined;
  const row = { table: 'reversal', key: transfer.seq };
  const isSealed = (other: TransferRow['reversal']): boolean =>
    missing.has(leaves.leafOf(with_({ ...transfer, reversal: other })));
  if (isSealed(null)) {
    const found = `reverses ${reversal.reverses}`;
    return { ...row, column: 'seq', expected: NOTHING, found };
  }
  const amount = BigInt(transfer.amountMinor);
  const before = (BigInt(reversal.after) - amount).toString();
  if (isSealed({ ...reversal, before })) {
    return { ...row, column: 'before_minor', expected: before, found: reversal.before };
  }
  const after = (BigInt(reversal.before) + amount).toString();
  if (isSealed({ ...reversal, after })) {
    return { ...row, column: 'after_minor', expected: after, found: reversal.after };
  }
  return undefined;
}

/** Texts of the command's content; none when it is not what it was. */
function contentOf({ content }: CommandRow): Readonly<Record<string, string>> {
  try {
    const parsed: unknown = JSON.parse(content);
    const fields = Object.entries(parsed ?? {}) as [string, unknown][];
    return Object.fromEntries(
      fields.filter((pair): pair is [string, string] => typeof pair[1] === 'string'),
    );
  } catch {
    return {};
  }
}

function microseconds(iso: string): string {
  return `${iso.slice(0, -1)}000Z`;
}
