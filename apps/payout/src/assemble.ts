import { join } from 'node:path';
import { isValidIBAN } from 'ibantools';
import { PostgresAuditTrail } from '@stuiver/audit';
import { isEpcName } from '@stuiver/iso20022';
import type { LedgerBooks } from '@stuiver/contracts';
import { Loop, Outbox, Relay, type Subscription } from '@stuiver/bus';
import { watchPayout } from './adapters/metrics/payout-gauges.js';
import { recordFacts } from './adapters/events/record-facts.js';
import { PayoutFolder, SepaFile } from './adapters/file/sepa-file.js';
import { PostgresAccess } from './adapters/postgres/merchant-access.js';
import { PayeeView } from './adapters/postgres/payee-view.js';
import { PostgresMonthCloses } from './adapters/postgres/month-closes.js';
import { PostgresPayouts } from './adapters/postgres/payouts.js';
import { SealedPayees } from './adapters/postgres/sealed-payees.js';
import { SettlementView } from './adapters/postgres/settlement-view.js';
import { PostgresSettlementTerms } from './adapters/postgres/settlement-terms.js';
import { PostgresSettlements } from './adapters/postgres/settlements.js';
import { assembleReconciliation, type ReconciliationParts } from './assemble-reconciliation.js';
import type { PayoutOptions } from './options.js';
import { PostgresPayeeChanges } from './adapters/postgres/payee-changes.js';
import { ApproveBatch } from './use-cases/approve-batch.js';
import { ApprovePrefunding } from './use-cases/approve-prefunding.js';
import { BankFunds } from './use-cases/bank-funds.js';
import { AskPayeeChange } from './use-cases/ask-payee-change.js';
import { CarryOn } from './use-cases/carry-on.js';
import { CloseMonth } from './use-cases/close-month.js';
import { CloseSettlement } from './use-cases/close-settlement.js';
import { DecidePayeeChange } from './use-cases/decide-payee-change.js';
import { DiscardBatch } from './use-cases/discard-batch.js';
import { ExportBatch } from './use-cases/export-batch.js';
import { KeepPayee } from './use-cases/keep-payee.js';
import { LookAtMonths } from './use-cases/look-at-months.js';
import { MerchantAccess } from './use-cases/merchant-access.js';
import { PrepareMonth } from './use-cases/prepare-month.js';
import { PrepareBatch } from './use-cases/prepare-batch.js';
import { RunPayouts } from './use-cases/run-payouts.js';
import { UsePayeeChanges } from './use-cases/use-payee-changes.js';

export interface PayoutParts {
  readonly close: CloseSettlement;
  readonly prepare: PrepareBatch;
  readonly discard: DiscardBatch;
  readonly approve: ApproveBatch;
  readonly prefund: ApprovePrefunding;
  readonly funds: BankFunds;
  readonly export: ExportBatch;
  readonly run: RunPayouts;
  readonly carryOn: CarryOn;
  readonly keepPayee: KeepPayee;
  readonly payeeChanges: PayeeChangeParts;
  readonly access: MerchantAccess;
  readonly payouts: PostgresPayouts;
  readonly view: SettlementView;
  readonly terms: PostgresSettlementTerms;
  readonly recon: ReconciliationParts;
  readonly months: MonthParts;
  start(): void;
  stop(): Promise<void>;
}

export interface PayeeChangeParts {
  readonly ask: AskPayeeChange;
  readonly decide: DecidePayeeChange;
  readonly use: UsePayeeChanges;
  readonly view: PayeeView;
}

export interface MonthParts {
  readonly look: LookAtMonths;
  readonly prepare: PrepareMonth;
  readonly close: CloseMonth;
  readonly books: LedgerBooks;
}

const CARRY_ON_EVERY_MS = 5_000;

/** Wires the service's parts; nothing moves before `start`. */
export function assemblePayout(options: PayoutOptions): PayoutParts {
  const { database, bus, keys, clock, random, log } = options;
  const outbox = new Outbox({ schema: 'payout', source: '/stuiver/payout', clock, random });
  const trail = new PostgresAuditTrail('payout', clock);
  const payees = new SealedPayees(database, keys, trail);
  const settlements = new PostgresSettlements(database, outbox, trail);
  const payouts = new PostgresPayouts(database, outbox, payees, trail);
  const steps = assembleSteps(options, { settlements, payouts, payees });
  const payeeChanges = assemblePayeeChanges(options, payees, { outbox, trail });
  const recon = assembleReconciliation(options, outbox, trail);
  const months = assembleMonths(options, trail);
  if (options.metrics !== undefined) {
    watchPayout(options.metrics, { database, clock });
  }
  const carryOn = new CarryOn(settlements, payouts, log, steps);
  const relay = new Relay({ source: outbox.openSource(database.pool), bus, log, name: 'payout' });
  const loop = new Loop({
    name: 'payout carry on',
    everyMs: CARRY_ON_EVERY_MS,
    log,
    turn: async () => {
      await payeeChanges.use.run();
      await carryOn.run();
      await months.close.carryOnAll();
      return 'idle';
    },
  });
  let subscriptions: Subscription[] = [];
  return {
    ...steps,
    carryOn,
    run: new RunPayouts(settlements, payouts, clock, steps),
    keepPayee: new KeepPayee(payees, clock, payeeChanges),
    payeeChanges,
    access: new MerchantAccess(new PostgresAccess(database, trail), clock, random),
    payouts,
    view: new SettlementView(database),
    terms: new PostgresSettlementTerms(database, trail),
    ...{ recon, months },
    start: () => {
      relay.start();
      loop.start();
      recon.loop.start();
      subscriptions = recordFacts({ bus, database });
    },
    stop: async () => {
      for (const subscription of subscriptions) await subscription.stop();
      await loop.stop();
      await recon.loop.stop();
      await relay.stop();
    },
  };
}

function assembleMonths(options: PayoutOptions, trail: PostgresAuditTrail): MonthParts {
  const { database, books, clock, crash, debtor } = options;
  const store = new PostgresMonthCloses(database, trail, debtor.iban);
  const look = new LookAtMonths(store, books, clock);
  return {
    ...{ look, books, prepare: new PrepareMonth(store, look, clock) },
    close: new CloseMonth(store, look, { books, clock, crash }),
  };
}

/** A payout's way, from the close to the bank's file. */
function assembleSteps(
  options: PayoutOptions,
  stores: { settlements: PostgresSettlements; payouts: PostgresPayouts; payees: SealedPayees },
) {
  const { ledger, clock, random, crash } = options;
  const { settlements, payouts, payees } = stores;
  const file = new SepaFile(options.debtor);
  const shelf = new PayoutFolder(join(options.dataDir, 'payouts'));
  const funds = fundsOf(options, payouts);
  return {
    funds,
    close: new CloseSettlement(settlements, ledger, { clock, random, crash }),
    prepare: new PrepareBatch(settlements, payouts, payees, {
      ...{ ledger, clock, random, crash, file },
      offersFiles: options.moneyMode !== 'psp-held',
    }),
    discard: new DiscardBatch(payouts, clock),
    approve: new ApproveBatch(payouts, ledger, { clock, crash, funds }),
    prefund: new ApprovePrefunding(payouts, funds, clock),
    export: new ExportBatch(payouts, { clock, crash, file, shelf }),
  };
}

function fundsOf(options: PayoutOptions, payouts: PostgresPayouts): BankFunds {
  const rule = options.prefunding ?? (options.sandbox ? 'allowed' : 'approved');
  return new BankFunds(payouts, options.ledger, rule);
}

function assemblePayeeChanges(
  options: PayoutOptions,
  payees: SealedPayees,
  books: { outbox: Outbox; trail: PostgresAuditTrail },
): PayeeChangeParts {
  const { database, clock, random, crash, log } = options;
  const changes = new PostgresPayeeChanges(database, payees, books);
  const rules = { isIban: isValidIBAN, isName: isEpcName };
  return {
    ask: new AskPayeeChange(payees, changes, { clock, random, rules }),
    decide: new DecidePayeeChange(changes, clock),
    use: new UsePayeeChanges(changes, { clock, crash, log }),
    view: new PayeeView(database, payees),
  };
}
