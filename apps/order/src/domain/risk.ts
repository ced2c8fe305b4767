/** What is counted in Order's own rows before a payer's confirm; the confirm in hand is not counted. */
export interface RiskFacts {
  /** Which of those in the payment are blocked. */
  readonly blocked: readonly BlockKind[];
  readonly amountMinor: bigint;
  /** Confirmed within the window by this payer. */
  readonly personAttempts: number;
  /** Of those, the ones that failed. */
  readonly personDeclines: number;
  /** Confirmed within the window with the same source of funds; 0 where the source is not known beforehand. */
  readonly sourceAttempts: number;
  /** Confirmed within the window on this merchant's orders. */
  readonly merchantAttempts: number;
  /** Whether this payer ever paid this merchant. */
  readonly hasPaidMerchant: boolean;
}

export const BLOCK_KINDS = ['person', 'merchant', 'source'] as const;
export type BlockKind = (typeof BLOCK_KINDS)[number];

/** What is within the rules. Null: that rule is not in use. */
export interface RiskLimits {
  readonly personAttempts: number | null;
  readonly personDeclines: number | null;
  readonly sourceAttempts: number | null;
  readonly merchantAttempts: number | null;
  /** A first payment to a merchant above this, in minor units, is looked at. */
  readonly newPayeeMinor: bigint | null;
}

/** Attempts are counted this far back. */
export const RISK_WINDOW_MS = 3_600_000;

/** A rule's name and version, such as `new-payee/1`: what it meant when it was applied. Pages put it in words. */
export type RiskReason = `${RuleName}/${number}`;

export type RiskVerdict =
  | { readonly kind: 'allow' }
  | {
      readonly kind: 'review' | 'refuse';
      readonly reasons: readonly RiskReason[];
      readonly facts: RiskFacts;
    };

type RuleName =
  | 'blocked-person'
  | 'blocked-merchant'
  | 'blocked-source'
  | 'person-attempts'
  | 'person-declines'
  | 'source-attempts'
  | 'merchant-attempts'
  | 'new-payee';

interface Rule {
  readonly name: RuleName;
  /** Raised when the rule comes to mean something else. */
  readonly version: number;
  readonly says: 'review' | 'refuse';
  readonly applies: (facts: RiskFacts, limits: RiskLimits) => boolean;
}

const RULES: readonly Rule[] = [
  ...BLOCK_KINDS.map((kind) => ({
    ...{ name: `blocked-${kind}` as const, version: 1, says: 'refuse' as const },
    applies: ({ blocked }: RiskFacts) => blocked.includes(kind),
  })),
  countRule('person-attempts', 'personAttempts'),
  countRule('person-declines', 'personDeclines'),
  countRule('source-attempts', 'sourceAttempts'),
  countRule('merchant-attempts', 'merchantAttempts'),
  {
    ...{ name: 'new-payee', version: 1, says: 'review' },
    applies: ({ hasPaidMerchant, amountMinor }, { newPayeeMinor }) =>
      newPayeeMinor !== null && !hasPaidMerchant && amountMinor > newPayeeMinor,
  },
];

type Counted = 'personAttempts' | 'personDeclines' | 'sourceAttempts' | 'merchantAttempts';

/** With as many as the limit behind it, the next one is looked at. */
function countRule(name: RuleName, counted: Counted): Rule {
  return {
    ...{ name, version: 1, says: 'review' },
    applies: (facts, limits) => {
      const limit = limits[counted];
      return limit !== null && facts[counted] >= limit;
    },
  };
}

/** Every rule is asked, and the hardest answer is the verdict; its reasons are all that apply, in the order above. */
export function judge(facts: RiskFacts, limits: RiskLimits): RiskVerdict {
  const applying = RULES.filter((rule) => rule.applies(facts, limits));
  if (applying.length === 0) return { kind: 'allow' };
  const kind = applying.some(({ says }) => says === 'refuse') ? 'refuse' : 'review';
  return {
    kind,
    facts,
    reasons: applying.map(({ name, version }) => `${name}/${version}` as const),
  };
}

export const NO_RISK_LIMITS: RiskLimits = {
  ...{ personAttempts: null, personDeclines: null, sourceAttempts: null },
  ...{ merchantAttempts: null, newPayeeMinor: null },
};

const KEYS: Readonly<Record<string, keyof RiskLimits>> = {
  'person-attempts': 'personAttempts',
  'person-declines': 'personDeclines',
  'source-attempts': 'sourceAttempts',
  'merchant-attempts': 'merchantAttempts',
  'new-payee': 'newPayeeMinor',
};
const LIMIT = /^([a-z-]+)=([1-9]\d{0,11})$/;

/**
 * Reads a setting such as `person-attempts=20,new-payee=50000`; what is not named is not in use.
 *
 * @returns null when it cannot be read.
 */
export function riskLimitsOf(text: string): RiskLimits | null {
  const limits: Record<keyof RiskLimits, number | bigint | null> = { ...NO_RISK_LIMITS };
  for (const part of text.split(',').filter((given) => given !== '' && given !== 'none')) {
    const [, name = '', value = ''] = LIMIT.exec(part.trim()) ?? [];
    const key = Object.hasOwn(KEYS, name) ? KEYS[name] : undefined;
    if (key === undefined || limits[key] !== null) return null;
    limits[key] = key === 'newPayeeMinor' ? BigInt(value) : Number(value);
  }
  return limits as RiskLimits;
}
