import type { Desk } from './desk.js';

interface MonthSummary {
  readonly month: string;
  readonly state: string;
}
interface MonthDetail extends MonthSummary {
  readonly sha256: string;
  readonly closedSha256: string | null;
  readonly debitMinor: string;
  readonly creditMinor: string;
  readonly rows: readonly {
    readonly account: string;
    readonly side: 'debit' | 'credit';
    readonly changeMinor: string;
  }[];
}
export interface MonthEnded {
  readonly month: string;
  /** What is wrong with it; empty as it must be. */
  readonly objections: readonly string[];
}

const MONTHS = '/console/finance/months';

/** Femke prepares each month that is over, the first one first, and Jonas closes it. */
export async function closeMonths(desk: Desk): Promise<readonly MonthEnded[]> {
  const { months } = await desk.femke.get<{ months: readonly MonthSummary[] }>(MONTHS);
  const over = months.filter(({ state }) => state === 'open').reverse();
  const ended: MonthEnded[] = [];
  for (const { month } of over) ended.push({ month, objections: await close(desk, month) });
  return ended;
}

async function close(desk: Desk, month: string): Promise<readonly string[]> {
  const prepared = await desk.femke.post(`${MONTHS}/${month}/prepare`, {});
  const { sha256 } = prepared.json as MonthDetail;
  const own = await desk.femke.post(`${MONTHS}/${month}/close`, { sha256 });
  await desk.jonas.post(`${MONTHS}/${month}/close`, { sha256 });
  const detail = await desk.jonas.get<MonthDetail>(`${MONTHS}/${month}`);
  const changes = changesIn(await desk.jonas.text(`${MONTHS}/${month}/journal.csv`));
  return [
    [prepared.status === 200, `it is not prepared: ${JSON.stringify(prepared.json)}`],
    [own.status === 403, 'one person closes it alone'],
    [detail.state === 'closed', `it is ${detail.state}`],
    [detail.closedSha256 === sha256, 'it is closed with other figures'],
    [detail.debitMinor === detail.creditMinor, 'debits are no credits'],
    ...detail.rows.map(
      ({ account, side, changeMinor }) =>
        [
          (changes.get(account) ?? 0) === Number(changeMinor) * (side === 'debit' ? 1 : -1),
          `${account} changed by ${changeMinor}, and its bookings by ${String(changes.get(account))}`,
        ] as const,
    ),
  ].flatMap(([isWell, objection]) => (isWell === true ? [] : [String(objection)]));
}

/** Debits less credits of each kind of account, in minor units. */
function changesIn(journal: string): ReadonlyMap<string, number> {
  const changes = new Map<string, number>();
  for (const line of journal.trimEnd().split('\r\n').slice(1)) {
    const [debit = '', credit = '', amount = ''] = line.split(',').slice(-3);
    const minor = Math.round(Number(amount) * 100);
    for (const [account, signed] of [[debit, minor] as const, [credit, -minor] as const]) {
      const kind = account.replace(/^(user|merchant):[^:]+:/, '$1:*:');
      changes.set(kind, (changes.get(kind) ?? 0) + signed);
    }
  }
  return changes;
}

/** The calendar month in Amsterdam, `2027-03`. */
export function amsterdamMonth(): string {
  const style = { timeZone: 'Europe/Amsterdam' } as const;
  return new Intl.DateTimeFormat('en-CA', style).format(new Date()).slice(0, 7);
}

/** From that of a day up to another, which is not one of them. */
export function monthsBetween(first: string, end: string): readonly string[] {
  const months: string[] = [];
  const at = new Date(`${first.slice(0, 7)}-01T00:00:00Z`);
  for (; at.toISOString().slice(0, 7) < end; at.setUTCMonth(at.getUTCMonth() + 1)) {
    months.push(at.toISOString().slice(0, 7));
  }
  return months;
}
