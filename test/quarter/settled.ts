import type { Desk } from './desk.js';

interface Line {
  readonly purpose: string;
  readonly amountMinor: string;
  readonly runningMinor: string;
  readonly transferSeq: string;
}
interface Settlement {
  readonly settlementId: string;
  readonly state: string;
  readonly amountMinor: string | null;
  readonly payout: { readonly amountMinor: string; readonly state: string } | null;
}

/** All that a shop's statements say. Minor units. */
export interface Settled {
  readonly settlements: number;
  readonly linesMinor: ReadonlyMap<string, number>;
  readonly paidOutMinor: number;
  /** What is wrong with a statement; empty as it must be. */
  readonly objections: readonly string[];
}

/** Reads every settlement of a shop to its last line, as the shop itself can. */
export async function settledOf(desk: Desk, mchid: string): Promise<Settled> {
  const linesMinor = new Map<string, number>();
  const objections: string[] = [];
  const seen = new Set<string>();
  let paidOutMinor = 0;
  const settlements = await allOf<Settlement>(desk, `/console/merchants/${mchid}/settlements`);
  for (const settlement of settlements.filter(({ state }) => state !== 'empty')) {
    const lines = await linesOf(desk, mchid, settlement.settlementId);
    let sum = 0;
    for (const line of lines) {
      sum += Number(line.amountMinor);
      linesMinor.set(line.purpose, (linesMinor.get(line.purpose) ?? 0) + Number(line.amountMinor));
      const transfer = `${line.transferSeq} ${line.purpose}`;
      if (seen.has(transfer)) objections.push(`${transfer} is settled twice`);
      if (Number(line.runningMinor) !== sum) objections.push(`${transfer} has another total`);
      seen.add(transfer);
    }
    objections.push(...objectionsTo(settlement, sum));
    if (settlement.payout?.state === 'settled') paidOutMinor += sum;
  }
  return { settlements: settlements.length, linesMinor, paidOutMinor, objections };
}

function objectionsTo({ settlementId: id, amountMinor, payout }: Settlement, sum: number) {
  const told = [
    ['its lines', sum],
    ['its payout', payout === null ? Number(amountMinor) : Number(payout.amountMinor)],
  ] as const;
  return told
    .filter(([, minor]) => minor !== Number(amountMinor))
    .map(([what, minor]) => `${id} is ${String(amountMinor)}, and ${what} ${String(minor)}`);
}

async function linesOf(desk: Desk, mchid: string, id: string): Promise<readonly Line[]> {
  const found: Line[] = [];
  for (let after = ''; ;) {
    const page = await desk.femke.get<{ lines: Line[]; nextLine: string | null }>(
      `/console/merchants/${mchid}/settlements/${id}${after}`,
    );
    found.push(...page.lines);
    if (page.nextLine === null) return found;
    after = `?after=${page.nextLine}`;
  }
}

async function allOf<Item>(desk: Desk, path: string): Promise<readonly Item[]> {
  const found: Item[] = [];
  for (let before = ''; ;) {
    const page = await desk.femke.get<{ items: Item[]; next: string | null }>(`${path}${before}`);
    found.push(...page.items);
    if (page.next === null) return found;
    before = `?before=${page.next}`;
  }
}
