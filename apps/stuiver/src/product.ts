import { join } from 'node:path';
import type { StripeKeys } from './live-objections.js';
import type { DynamicModule } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import {
  BUS_MIGRATIONS,
  type BusLag,
  consumerLagGauges,
  deadLetterGauges,
  PostgresBus,
} from '@stuiver/bus';
import { openFileKeyStore } from '@stuiver/key-store-file';
import {
  createLedger,
  type Ledger,
  LedgerModule,
  MIGRATIONS as LEDGER_MIGRATIONS,
  watchLedger,
} from '@stuiver/ledger';
import {
  createV3Surface,
  MIGRATIONS as ORDER_MIGRATIONS,
  OrderModule,
  type OrderOptions,
  PEOPLE_MIGRATIONS,
  watchOrder,
} from '@stuiver/order';
import { MIGRATIONS as PAYOUT_MIGRATIONS, PayoutModule } from '@stuiver/payout';
import type { MoneyMode } from '@stuiver/contracts';
import type { Clock, CrashPoints, Log, Random } from '@stuiver/ports';
import {
  type Database,
  migrate,
  openDatabase,
  prepareDatabase,
  roleUrl,
  type ServiceSchema,
} from '@stuiver/postgres';
import type { CardFields } from '@stuiver/psp';
import {
  StripeAccount,
  stripeCardFields,
  StripeConnect,
  stripeGate,
  type StripeOptions,
  StripePayIn,
} from '@stuiver/psp-stripe';
import { createServiceApp } from '@stuiver/service';
import { StaffSessions } from '@stuiver/staff';
import { createMetrics, type Metrics } from '@stuiver/telemetry';

export interface ProductOptions {
  readonly adminUrl: string;
  readonly dataDir: string;
  readonly publicUrl: string;
  readonly sandbox: boolean;
  readonly moneyMode: MoneyMode;
  readonly prefunding?: 'allowed' | 'approved';
  readonly operatorToken: string;
  readonly psp: {
    readonly keys: StripeKeys;
    readonly webhookSecret: string;
    readonly webhookSecretPayout: string;
    /** Undefined: payers type no card. */
    readonly publishableKey: string | undefined;
    readonly apiBase: URL | null;
  };
  readonly frameUrlOf: (appid: string) => string;
  /** Where staff sign in, what signs their cookies, who sends their mail, makes their invoices, what they look at. */
  readonly staff: Pick<
    OrderOptions,
    'staffKey' | 'oidc' | 'mailUrl' | 'mailFrom' | 'invoiceFrom' | 'riskLimits'
  >;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly crash: CrashPoints;
  /** Where the figures go; by default there is one for this product alone. */
  readonly metrics?: Metrics;
}

/** The three services in one process, not yet listening. */
export interface Product {
  readonly app: NestFastifyApplication;
  readonly databases: Readonly<Record<ServiceSchema, Database>>;
  close(): Promise<void>;
}

const PSP_MS_MAX = 12_000;
const POOL_MAX: Readonly<Record<ServiceSchema, number>> = {
  orders: 12,
  people: 6,
  ledger: 4,
  payout: 5,
  bus: 10,
};
const FLAT_FEE = { basisPoints: '140', fixedMinor: 5n } as const;
/** The account of the sandbox that pays. */
export const DEBTOR = { name: 'Stuiver Sandbox', iban: 'NL20INGB0001234567' } as const;

/** Each service at the PSP: its own key, its own allowance of calls, its own secret of what it is told. */
function stripeOf({ psp, clock }: ProductOptions) {
  const { keys, apiBase, webhookSecret, webhookSecretPayout } = psp;
  const common = { apiBase, clock, timeoutMs: PSP_MS_MAX };
  const of = (secretKey: string, secret: string): StripeOptions => {
    return {
      ...common,
      secretKey,
      webhookSecret: secret,
      gate: stripeGate({ secretKey, apiBase }),
    };
  };
  return {
    order: of(keys.order, webhookSecret),
    payout: of(keys.payout, webhookSecretPayout),
  };
}

/** Roles, schemas and every migration that has not run. @returns the steps that ran now. */
export async function migrateAll(adminUrl: string): Promise<readonly string[]> {
  await prepareDatabase(adminUrl);
  const folders: readonly (readonly [ServiceSchema, URL])[] = [
    ['orders', ORDER_MIGRATIONS],
    ['people', PEOPLE_MIGRATIONS],
    ['ledger', LEDGER_MIGRATIONS],
    ['payout', PAYOUT_MIGRATIONS],
    ['bus', BUS_MIGRATIONS],
  ];
  const ran: string[] = [];
  for (const [schema, folder] of folders) {
    const steps = await migrate({ adminUrl, schema, folder });
    ran.push(...steps.map((step) => `${schema}/${step}`));
  }
  return ran;
}

export async function createProduct(options: ProductOptions): Promise<Product> {
  const { clock, random, log, crash, operatorToken, sandbox, dataDir } = options;
  const databases = await openDatabases(options.adminUrl);
  const keys = await openFileKeyStore({ dir: join(dataDir, 'keys'), clock, random });
  const bus = new PostgresBus({ pool: databases.bus.pool, log });
  const ledger = createLedger({ database: databases.ledger, bus, clock, log, crash, keys });
  const metrics = options.metrics ?? createMetrics(log);
  watchAll(metrics, { databases, clock, ledger, bus });
  const stripe = stripeOf(options);
  const shared = {
    ...{ bus, clock, random, log, crash, keys, ledger: ledger.port, bookings: ledger.bookings },
    ...{ operatorToken, sandbox, moneyMode: options.moneyMode, metrics },
  };
  const modules: DynamicModule[] = [
    LedgerModule.with({ ledger, operatorToken }),
    OrderModule.with({
      ...shared,
      ...(ledger.proofs && { receipts: ledger.proofs.receipts }),
      database: databases.orders,
      people: databases.people,
      psp: new StripePayIn(stripe.order),
      connect: new StripeConnect(stripe.order),
      ...cardFieldsOf(options.psp),
      publicUrl: options.publicUrl,
      frameUrlOf: options.frameUrlOf,
      demoPayersFile: join(dataDir, 'demo', 'payers.json'),
      ...options.staff,
      fee: FLAT_FEE,
    }),
    PayoutModule.with({
      ...{ ...shared, database: databases.payout, dataDir, debtor: DEBTOR, books: ledger.books },
      staff: new StaffSessions({ ...options, key: options.staff.staffKey }),
      ...(options.prefunding && { prefunding: options.prefunding }),
      merchantAccounts: new StripeConnect(stripe.payout),
      pspAccount: new StripeAccount(stripe.payout),
    }),
  ];
  const app = await createServiceApp({
    ...{ modules, metrics, log, random, behindProxy: false },
    surfaces: [createV3Surface({ keys, clock, random })],
    ready: async () => {
      await Promise.all(Object.values(databases).map((database) => database.query('select 1')));
    },
  });
  return {
    app,
    databases,
    close: async () => {
      await app.close();
      await Promise.all(Object.values(databases).map((database) => database.close()));
    },
  };
}

function cardFieldsOf({ publishableKey, apiBase }: ProductOptions['psp']): {
  cardFields?: CardFields;
} {
  if (publishableKey === undefined) return {};
  return { cardFields: stripeCardFields({ publishableKey, apiBase }) };
}

function watchAll(
  metrics: Metrics,
  watched: {
    databases: Product['databases'];
    clock: Clock;
    ledger: Ledger;
    bus: BusLag;
  },
): void {
  const { databases, clock, ledger, bus } = watched;
  watchOrder(metrics, { database: databases.orders, clock });
  const commandsWaiting = (): number => ledger.waitingCount();
  watchLedger(metrics, { database: databases.ledger, clock, commandsWaiting });
  metrics.watch(consumerLagGauges(bus));
  metrics.watch(deadLetterGauges(databases.bus));
}

async function openDatabases(adminUrl: string): Promise<Record<ServiceSchema, Database>> {
  const open = (schema: ServiceSchema): Promise<Database> =>
    openDatabase({
      url: roleUrl(adminUrl, schema),
      applicationName: `stuiver ${schema}`,
      poolMax: POOL_MAX[schema],
    });
  const [orders, people, ledger, payout, bus] = await Promise.all([
    open('orders'),
    open('people'),
    open('ledger'),
    open('payout'),
    open('bus'),
  ]);
  return { orders, people, ledger, payout, bus };
}
