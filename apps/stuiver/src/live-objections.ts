import type { MoneyMode } from '@stuiver/contracts';

/** Each service's own key of the PSP, so that a stolen one opens one half only. */
export interface StripeKeys {
  readonly order: string;
  readonly payout: string;
}

export function isLiveKey(key: string): boolean {
  return /^(sk|rk)_live_/.test(key);
}

/** What going live is judged by. */
export interface LiveFacts {
  readonly moneyMode: MoneyMode | undefined;
  readonly publicUrl: string | undefined;
  readonly databaseUrl: string | undefined;
  readonly stripeKeys: StripeKeys | undefined;
  readonly stripeWebhookSecretOrder: string | undefined;
  readonly stripeWebhookSecretPayout: string | undefined;
  readonly mailUrl: string | undefined;
  readonly prefunding: 'allowed' | 'approved';
  readonly fileKeysConfirmed: boolean;
  readonly crashAt: string | undefined;
  /** The data folder was seeded with the demo's merchant, payers or staff. */
  readonly hasDemoData: boolean;
}

export interface Objection {
  readonly what: string;
  readonly fix: string;
}

/** Everything that stands between this installation and real money; each with what mends it. Empty: it may go live. */
export function liveObjections(facts: LiveFacts): readonly Objection[] {
  return RULES.filter((rule) => !rule.isWell(facts)).map(({ what, fix }) => ({ what, fix }));
}

interface Rule extends Objection {
  isWell(facts: LiveFacts): boolean;
}

const RULES: readonly Rule[] = [
  {
    what: 'who holds the money is not stated',
    fix: 'set STUIVER_MONEY_MODE to psp-held (no licence needed) or self-held (you hold one); docs/guides/go-live.md tells them apart',
    isWell: ({ moneyMode }) => moneyMode !== undefined,
  },
  {
    what: 'the public address is not https',
    fix: 'set PUBLIC_URL to the https address that payers see',
    isWell: ({ publicUrl }) => publicUrl?.startsWith('https://') === true,
  },
  {
    what: 'the PSP is the sandbox, or in test mode',
    fix: 'set STRIPE_SECRET_KEY_ORDER and STRIPE_SECRET_KEY_PAYOUT to restricted live keys (rk_live_…)',
    isWell: ({ stripeKeys }) =>
      stripeKeys !== undefined && isLiveKey(stripeKeys.order) && isLiveKey(stripeKeys.payout),
  },
  {
    what: 'whoever takes payments in could pay out too: both services have one key of the PSP',
    fix: 'give each its own restricted key; docs/guides/go-live.md lists what each may do',
    isWell: ({ stripeKeys }) => stripeKeys === undefined || stripeKeys.order !== stripeKeys.payout,
  },
  {
    what: 'the PSP’s webhooks cannot be told from anybody’s',
    fix: 'set STRIPE_WEBHOOK_SECRET_ORDER and STRIPE_WEBHOOK_SECRET_PAYOUT, one for each endpoint',
    isWell: ({ stripeWebhookSecretOrder: order, stripeWebhookSecretPayout: payout }) =>
      order !== undefined && payout !== undefined && order !== payout,
  },
  {
    what: 'the keys lie in files, and nobody said that this is intended',
    fix: 'back up {data}/keys apart from the database and set STUIVER_FILE_KEYS=confirmed, or use a KeyStore on a KMS',
    isWell: ({ fileKeysConfirmed }) => fileKeysConfirmed,
  },
  {
    what: 'the database is the one that came with npm',
    fix: 'set DATABASE_URL to a PostgreSQL with a standby and backups',
    isWell: ({ databaseUrl }) => databaseUrl !== undefined,
  },
  {
    what: 'mails go nowhere',
    fix: 'set MAIL_URL, so that invitations and warnings reach people',
    isWell: ({ mailUrl }) => mailUrl !== undefined,
  },
  {
    what: 'the data folder holds the demo: merchants and payers whose secrets are in files',
    fix: 'start with an empty STUIVER_DATA_DIR and an empty database',
    isWell: ({ hasDemoData }) => !hasDemoData,
  },
  {
    what: 'payouts may exceed what the bank account has, and nobody is asked',
    fix: 'unset STUIVER_PAYOUT_PREFUNDING: then another person of finance approves it by name',
    isWell: ({ prefunding }) => prefunding === 'approved',
  },
  {
    what: 'a crash point is set',
    fix: 'unset STUIVER_CRASH_AT',
    isWell: ({ crashAt }) => crashAt === undefined,
  },
];
