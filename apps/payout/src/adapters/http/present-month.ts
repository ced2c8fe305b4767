import type { MonthDetail, MonthRow, MonthState, MonthSummary } from '@stuiver/console-api';
import { isSamePerson } from '../../domain/person.js';
import { changeOf, type TrialRow } from '../../domain/trial-balance.js';
import type { KnownMonth, LookedAt } from '../../use-cases/look-at-months.js';
import type { MonthClose } from '../../use-cases/month-ports.js';
import type { Person } from '../../use-cases/ports.js';

interface Reader {
  readonly id: string;
  /** May act at all. */
  readonly isFinance: boolean;
}

export function presentMonth(known: KnownMonth): MonthSummary {
  return { month: known.month, state: stateOf(known), ...whoAndWhen(known.close) };
}

function whoAndWhen(close: MonthClose | undefined): Omit<MonthSummary, 'month' | 'state'> {
  if (close === undefined) {
    return { preparedBy: null, preparedAt: null, closedBy: null, closedAt: null };
  }
  return {
    preparedBy: nameOf(close.maker),
    preparedAt: close.preparedAt.toISOString(),
    closedBy: close.checker === null ? null : nameOf(close.checker),
    closedAt: close.closedAt?.toISOString() ?? null,
  };
}

export function presentMonthDetail(looked: LookedAt, reader: Reader): MonthDetail {
  const { close, trialBalance, findings, obstacle } = looked;
  const { sha256, rows, debit, credit } = trialBalance;
  return {
    ...presentMonth(looked),
    rows: rows.map(presentRow),
    debitMinor: String(debit.minor),
    creditMinor: String(credit.minor),
    ...{ sha256, findings, obstacle },
    ...agreedTo(close),
    ...mayBeDone(looked, reader),
  };
}

function agreedTo(close: MonthClose | undefined) {
  return {
    preparedSha256: close?.sha256 ?? null,
    closedSha256: close?.final?.sha256 ?? null,
    preparedFindings: close?.findings ?? [],
    note: close?.note ?? null,
  };
}

function mayBeDone(
  looked: LookedAt,
  reader: Reader,
): Pick<MonthDetail, 'hasChanged' | 'mayPrepare' | 'mayClose'> {
  const { close, findings, trialBalance, obstacle } = looked;
  const mayPrepare = reader.isFinance && obstacle === null && close?.state !== 'closing';
  if (close === undefined || stateOf(looked) !== 'prepared') {
    return { hasChanged: false, mayPrepare, mayClose: false };
  }
  const isNew = findings.some((finding) => !close.findings.includes(finding));
  const hasChanged = isNew || close.sha256 !== trialBalance.sha256;
  const isOthers = !isSamePerson(close.maker.id, reader.id);
  return { hasChanged, mayPrepare, mayClose: mayPrepare && !hasChanged && isOthers };
}

function presentRow(row: TrialRow): MonthRow {
  return {
    account: row.account,
    accounts: row.accounts,
    side: row.side,
    openingMinor: String(row.opening.minor),
    changeMinor: String(changeOf(row).minor),
    closingMinor: String(row.closing.minor),
  };
}

/** What the ledger closed is closed, also when an operator did it without us. */
function stateOf({ isOver, isClosed, close }: KnownMonth): MonthState {
  if (close?.state === 'closing') return 'closing';
  if (isClosed) return 'closed';
  if (!isOver) return 'running';
  return close?.state === 'prepared' ? 'prepared' : 'open';
}

function nameOf({ id, name }: Person): string {
  return name ?? id;
}
