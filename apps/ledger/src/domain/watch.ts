/** Accounts through which money only passes, and how many days it may take. Weekends and bank holidays are within. */
// prettier-ignore
export const CLEARING_TERMS = [
  { kind: 'psp-transit',     pattern: '^psp:[^:]+:transit$',        days: 6 },
  { kind: 'payout',          pattern: '^(merchant|user):[^:]+:payout$', days: 6 },
  { kind: 'refund-transit',  pattern: '^refund:transit$',           days: 10 },
  { kind: 'suspense',        pattern: '^suspense:',                 days: 5 },
] as const;
export type ClearingKind = (typeof CLEARING_TERMS)[number]['kind'];

/** An account that should be empty by and by, and is not. */
export interface OpenClearing {
  readonly kind: ClearingKind;
  readonly account: string;
  /** Minor units on the normal side; below zero where it gave more than it got. */
  readonly balance: bigint;
  /** Whole days since the oldest part of the balance took effect, if the first to come was the first to go. */
  readonly days: number;
}

/** Minor units of one currency. */
export interface Safeguarding {
  /** What we owe users and merchants, what is on its way to payers, and what nobody has placed yet. */
  readonly owed: bigint;
  /** What PSPs and banks hold for them. */
  readonly assets: bigint;
}

export interface Verdict {
  /** `trial-balance`, `safeguarding`, `clearing-{kind}`. */
  readonly watch: string;
  readonly state: 'well' | 'alarm';
  /** What a person wants to know first. Amounts are text of minor units. */
  readonly detail: Readonly<Record<string, string>>;
}

/** What is watched, as it was read in one moment. */
export interface Watched {
  /** Debits less credits, minor units. */
  readonly trialDifference: bigint;
  readonly clearing: readonly OpenClearing[];
  readonly safeguarding: Safeguarding;
}

/** What there is to say about the books: one verdict for each watch. */
export function judge(watched: Watched): readonly Verdict[] {
  return [
    judgeTrialBalance(watched.trialDifference),
    judgeSafeguarding(watched.safeguarding),
    ...CLEARING_TERMS.map(({ kind, days }) =>
      judgeClearing(
        kind,
        days,
        watched.clearing.filter((open) => open.kind === kind),
      ),
    ),
  ];
}

function judgeTrialBalance(difference: bigint): Verdict {
  const state = difference === 0n ? 'well' : 'alarm';
  return { watch: 'trial-balance', state, detail: { differenceMinor: difference.toString() } };
}

/** Merchants below zero and the like owe us: that pays nobody else. */
function judgeSafeguarding({ owed, assets }: Safeguarding): Verdict {
  const detail = {
    owedMinor: owed.toString(),
    assetsMinor: assets.toString(),
    shortfallMinor: shortfallOf({ owed, assets }).toString(),
  };
  return { watch: 'safeguarding', state: owed > assets ? 'alarm' : 'well', detail };
}

export function shortfallOf({ owed, assets }: Safeguarding): bigint {
  return owed > assets ? owed - assets : 0n;
}

function judgeClearing(kind: ClearingKind, term: number, open: readonly OpenClearing[]): Verdict {
  const watch = `clearing-${kind}`;
  const oldest = open.reduce<OpenClearing | undefined>(
    (worst, one) => (worst === undefined || one.days > worst.days ? one : worst),
    undefined,
  );
  if (oldest === undefined) return { watch, state: 'well', detail: { termDays: String(term) } };
  const detail = {
    termDays: String(term),
    oldestDays: String(oldest.days),
    oldestAccount: oldest.account,
    balanceMinor: oldest.balance.toString(),
    overdueAccounts: String(open.filter(({ days }) => days > term).length),
  };
  return { watch, state: oldest.days > term ? 'alarm' : 'well', detail };
}
