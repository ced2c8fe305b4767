import { hardFloorOf } from '../../domain/chart-of-accounts.js';
import type { BatchRows } from '../../use-cases/ledger-store.js';
import { rareParameter } from './rare-parameter.js';

/*
 * The parameters of `ledger.append_batch`, in its order. Arrays go as PostgreSQL's array text, made by joining: none
 * of the values can hold a comma, a quote or a brace (numbers, UUIDs, instants, names of the chart and of the rules).
 */

export function appendParameters(batch: BatchRows): (string | null)[] {
  const { before, after } = batch;
  return [
    before.batch.toString(),
    after.at.toISOString(),
    after.lastSeq.toString(),
    after.lastAccount.toString(),
    ...openedParameters(batch),
    ...commandParameters(batch),
    ...transferParameters(batch),
    rareParameter(batch),
  ];
}

function openedParameters({ opened }: BatchRows): string[] {
  return [
    list(opened, (account) => account.id),
    list(opened, (account) => account.code),
    list(opened, (account) => account.owner),
    list(opened, (account) => account.currency),
    list(opened, (account) => account.normalSide),
    // The chart's: what a command said about them comes with the terms.
    list(opened, ({ floor }) => hardFloorOf({ floor, terms: null }) ?? 'null'),
  ];
}

function commandParameters({ commands }: BatchRows): string[] {
  return [
    list(commands, (command) => command.id),
    list(commands, (command) => command.kind),
    commands.map((command) => command.content).join('\n'),
    list(commands, (command) => command.firstSeq),
    list(commands, (command) => command.transferCount),
    commands.map((command) => command.refusal ?? '').join('\n'),
  ];
}

function transferParameters({ transfers }: BatchRows): string[] {
  return [
    list(transfers, (transfer) => transfer.commandId),
    list(transfers, (transfer) => transfer.purpose),
    list(transfers, (transfer) => transfer.debit.id),
    list(transfers, (transfer) => transfer.credit.id),
    list(transfers, (transfer) => transfer.amount),
    list(transfers, (transfer) => transfer.debit.currency),
    list(transfers, (transfer) => transfer.debit.version),
    list(transfers, (transfer) => transfer.debit.balance),
    list(transfers, (transfer) => transfer.credit.version),
    list(transfers, (transfer) => transfer.credit.balance),
    list(transfers, (transfer) => transfer.effectiveAt.toISOString()),
  ];
}

function list<Row>(rows: readonly Row[], value: (row: Row) => string | number | bigint): string {
  return `{${rows.map((row) => value(row).toString()).join(',')}}`;
}
