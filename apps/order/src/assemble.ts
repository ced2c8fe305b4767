import { readFile } from 'node:fs/promises';
import { PostgresAuditTrail } from '@stuiver/audit';
import { Outbox, Relay } from '@stuiver/bus';
import { PostgresConsoleCodes } from './adapters/postgres/console-codes.js';
import { PostgresConsoleCounter } from './adapters/postgres/console-counter.js';
import { PostgresCounter } from './adapters/postgres/counter.js';
import { PostgresDirectory } from './adapters/postgres/directory.js';
import { PostgresDueWork } from './adapters/postgres/due-work.js';
import { PostgresErasures, PostgresPayerTraces } from './adapters/postgres/erasures.js';
import { PostgresReviews } from './adapters/postgres/reviews.js';
import { PostgresHistory } from './adapters/postgres/history.js';
import { PostgresLoginCodes, PostgresOpenids } from './adapters/postgres/logins.js';
import { PostgresNotificationBook } from './adapters/postgres/notifications.js';
import { PostgresOrders } from './adapters/postgres/orders.js';
import { PostgresPeople } from './adapters/postgres/people.js';
import { PostgresPspInbox } from './adapters/postgres/psp-inbox.js';
import { HttpBankPage } from './adapters/sandbox/http-bank-page.js';
import { Bell } from './adapters/work/bell.js';
import { OrderWork } from './adapters/work/order-work.js';
import { assembleStaff } from './assemble-staff.js';
import type { OrderOptions } from './options.js';
import { flatPrice } from './domain/price-list.js';
import { offersBalance, pspAccountsOf } from './psp-accounts-of.js';
import { assessRiskOf } from './risk-of.js';
import { AcceptRefund } from './use-cases/accept-refund.js';
import { AttemptOutcomes } from './use-cases/attempt-outcomes.js';
import { CancelAttempt } from './use-cases/cancel-attempt.js';
import { CheckPin } from './use-cases/check-pin.js';
import { CloseOrder } from './use-cases/close-order.js';
import { CommitMetadata } from './use-cases/commit-metadata.js';
import { ConfirmAttempt } from './use-cases/confirm-attempt.js';
import { CancelTillOrder } from './use-cases/counter/cancel-till-order.js';
import { FindCounterCode } from './use-cases/counter/find-counter-code.js';
import { MakeCounterCode } from './use-cases/counter/make-counter-code.js';
import { OpenCodeOrder } from './use-cases/counter/open-code-order.js';
import { OpenTillOrder } from './use-cases/counter/open-till-order.js';
import { SwitchCounterCode } from './use-cases/counter/switch-counter-code.js';
import { DemoPayers } from './use-cases/demo-payers.js';
import { EndAttempt } from './use-cases/end-attempt.js';
import { ErasePerson } from './use-cases/erase-person.js';
import { FindAttempt } from './use-cases/find-attempt.js';
import { FindOrder } from './use-cases/find-order.js';
import { FindPerson } from './use-cases/find-person.js';
import { FindRefund } from './use-cases/find-refund.js';
import { FindWallet } from './use-cases/find-wallet.js';
import { IssueLoginCode } from './use-cases/issue-login-code.js';
import { KeepAccount } from './use-cases/keep-account.js';
import { MakePaymentReceipt } from './use-cases/make-payment-receipt.js';
import { OpenAttempt } from './use-cases/open-attempt.js';
import { OpenCardFields } from './use-cases/open-card-fields.js';
import { OpenOrder } from './use-cases/open-order.js';
import { OpenidBook } from './use-cases/openid-book.js';
import { PersonKeys } from './use-cases/person-keys.js';
import { TakePspWebhook, WorkPspMessage } from './use-cases/psp-inbox.js';
import { PspPayments } from './use-cases/psp-payments.js';
import { RecordAttemptOutcome } from './use-cases/record-attempt-outcome.js';
import { RecordDispute } from './use-cases/record-dispute.js';
import { RecordPspResult } from './use-cases/record-psp-result.js';
import { RecordRefundOutcome } from './use-cases/record-refund-outcome.js';
import { RedeemLoginCode } from './use-cases/redeem-login-code.js';
import { RequestRefund } from './use-cases/request-refund.js';
import { DecideReview } from './use-cases/risk/decide-review.js';
import { HoldPayment } from './use-cases/risk/hold-payment.js';
import { ResolveAttempt } from './use-cases/resolve-attempt.js';
import { ReturnFromBank } from './use-cases/return-from-bank.js';
import { SandboxPay } from './use-cases/sandbox-pay.js';
import { Sessions } from './use-cases/sessions.js';
import { TopUpWallet } from './use-cases/top-up.js';
import { WorkRefund } from './use-cases/work-refund.js';

export type OrderParts = ReturnType<typeof assembleOrder>;

/** The whole service as plain objects, each given what it needs; the compiler checks every wire. */
export function assembleOrder(options: OrderOptions) {
  const stores = assembleStores(options);
  const payments = assemblePayments(options, stores);
  const refunds = assembleRefunds(options, stores);
  const people = assemblePeople(options, stores);
  const checkout = assembleCheckout(options, { ...stores, ...payments, ...people });
  const counter = assembleCounter(options, { ...stores, ...checkout });
  const parts = { ...stores, ...payments, ...refunds, ...people, ...checkout, ...counter };
  const staff = assembleStaff(options);
  return { ...parts, ...assembleWork(options, parts), ...assembleSandbox(options, parts), staff };
}

function assembleStores(options: OrderOptions) {
  const { database, clock, random, keys, ledger } = options;
  const outbox = new Outbox({ schema: 'orders', source: '/stuiver/order', clock, random });
  const notifications = new PostgresNotificationBook(database, { keys, clock, random });
  const history = new PostgresHistory(database);
  const books = { outbox, notifications, trail: new PostgresAuditTrail('orders', clock) };
  return {
    outbox,
    history,
    bell: new Bell(),
    orders: new PostgresOrders(database, books),
    counter: new PostgresCounter(database, books, { keys, clock, random }),
    consoleCodes: new PostgresConsoleCodes(database, options.publicUrl),
    consoleCounter: new PostgresConsoleCounter(database, options.publicUrl),
    due: new PostgresDueWork(database),
    reviews: new PostgresReviews(database),
    directory: new PostgresDirectory(database),
    openids: new PostgresOpenids(database),
    loginCodes: new PostgresLoginCodes(database),
    inbox: new PostgresPspInbox(database),
    persons: new PostgresPeople(options.people),
    erasures: new PostgresErasures(options.people, new PostgresAuditTrail('people', clock)),
    findWallet: new FindWallet(ledger, history),
    ...pspAccountsOf(options),
  };
}

type Stores = ReturnType<typeof assembleStores>;

function assemblePayments(options: OrderOptions, { orders, bell }: Stores) {
  const { clock, random, crash, log, ledger, psp, publicUrl } = options;
  const pspPayments = new PspPayments(psp, clock);
  const outcomes = new AttemptOutcomes(ledger, pspPayments, {
    ...{ clock, crash },
    cardPageOf: (id) => `${publicUrl}/card?attempt=${id}`,
  });
  const tools = { clock, random, crash, log, wake: bell };
  const recordOutcome = new RecordAttemptOutcome(orders, tools);
  return {
    ...{ pspPayments, outcomes, recordOutcome },
    endAttempt: new EndAttempt(orders, outcomes, recordOutcome),
    resolveAttempt: new ResolveAttempt(orders, outcomes, recordOutcome, { clock, log }),
    topUp: new TopUpWallet(orders, pspPayments, ledger, {
      ...{ clock, random, wake: bell },
      returnUrlOf: (id) => `${publicUrl}/checkout/return/${id}`,
      offersBalance: offersBalance(options),
    }),
  };
}

function assembleRefunds(options: OrderOptions, { orders, bell }: Stores) {
  const { clock, random, crash, log, ledger, psp } = options;
  const acceptRefund = new AcceptRefund(orders, ledger, { clock, crash, wake: bell });
  const recordRefund = new RecordRefundOutcome(orders, { clock, log, wake: bell });
  const steps = { accept: acceptRefund, record: recordRefund };
  const money = { ledger, psp };
  return {
    recordDispute: new RecordDispute(orders, psp, { clock, crash, log, wake: bell }),
    requestRefund: new RequestRefund(orders, acceptRefund, { clock, random, crash }),
    workRefund: new WorkRefund(orders, steps, money, { clock, crash }),
  };
}

function assemblePeople(options: OrderOptions, stores: Stores) {
  const { clock, random, keys, crash, log, database, ledger } = options;
  const { persons, openids, loginCodes, directory } = stores;
  const sessions = new Sessions(persons, { clock, random });
  const keepAccount = new KeepAccount(persons, keys, { clock, random });
  const personKeys = new PersonKeys(persons, keys, { clock, random });
  const openidBook = new OpenidBook(openids, { clock, random });
  return {
    ...{ sessions, keepAccount, openidBook },
    commitMetadata: new CommitMetadata(personKeys, openids, random),
    erasePerson: new ErasePerson(stores.erasures, new PostgresPayerTraces(database), ledger, {
      ...{ clock, random, crash, log },
    }),
    checkPin: new CheckPin(persons, clock),
    findPerson: new FindPerson(persons, keys),
    issueLoginCode: new IssueLoginCode(loginCodes, directory, { clock, random }),
    redeemLoginCode: new RedeemLoginCode(loginCodes, openidBook, clock),
  };
}

type Payments = ReturnType<typeof assemblePayments>;
type Refunds = ReturnType<typeof assembleRefunds>;
type People = ReturnType<typeof assemblePeople>;

function assembleCheckout(options: OrderOptions, parts: Stores & Payments & People) {
  const { clock, random, crash, ledger, receipts } = options;
  const { orders, directory, openids, openidBook, endAttempt, outcomes, recordOutcome } = parts;
  const tools = { clock, random };
  const { pspAccounts, commitMetadata: metadata } = parts;
  const money = {
    ...{ outcomes, record: recordOutcome, pspAccounts, metadata, psp: parts.pspPayments },
    ...{ risk: assessRiskOf(options), hold: new HoldPayment(tools) },
  };
  return {
    openOrder: new OpenOrder(orders, directory, openids, { ...tools, wake: parts.bell }),
    closeOrder: new CloseOrder(orders, endAttempt, { clock, wake: parts.bell }),
    openAttempt: new OpenAttempt(orders, { directory, openids: openidBook }, endAttempt, tools),
    confirmAttempt: new ConfirmAttempt(orders, money, parts.checkPin, {
      ...{ clock, crash, configuredPrices: flatPrice(options.fee) },
      offersCardFields: options.cardFields !== undefined,
    }),
    decideReview: new DecideReview(orders, parts.reviews, clock),
    cancelAttempt: new CancelAttempt(orders, endAttempt, clock),
    makeReceipt: new MakePaymentReceipt(orders, ledger, receipts, metadata),
    findAttempt: new FindAttempt(orders),
    openCardFields: new OpenCardFields(orders, options.psp, options.cardFields),
    findOrder: new FindOrder(orders),
    findRefund: new FindRefund(orders),
    returnFromBank: new ReturnFromBank(orders, parts.resolveAttempt, parts.topUp),
  };
}

type Checkout = ReturnType<typeof assembleCheckout>;

function assembleCounter(options: OrderOptions, parts: Stores & Checkout) {
  const { clock, random, log } = options;
  const { counter, openOrder, closeOrder, bell: wake } = parts;
  return {
    openTillOrder: new OpenTillOrder(counter, openOrder, { clock, random, wake }),
    cancelTillOrder: new CancelTillOrder(counter, closeOrder),
    makeCounterCode: new MakeCounterCode(counter, { clock, random }),
    switchCounterCode: new SwitchCounterCode(counter, closeOrder, { clock, log }),
    findCounterCode: new FindCounterCode(counter, clock),
    openCodeOrder: new OpenCodeOrder(counter, openOrder, { clock, random, wake }),
  };
}

function assembleWork(
  options: OrderOptions,
  parts: Stores & Payments & Refunds & People & Checkout,
) {
  const { psp, keys, clock, crash, log, bus, database } = options;
  const { orders, inbox, bell, outcomes, recordOutcome } = parts;
  const money = {
    outcomes,
    topUps: parts.topUp,
    refunds: parts.workRefund,
    disputes: parts.recordDispute,
  };
  const recordPspResult = new RecordPspResult(orders, money, recordOutcome, crash);
  const workPspMessage = new WorkPspMessage(inbox, keys, recordPspResult, { clock, log });
  const source = parts.outbox.openSource(database.pool);
  const relay = new Relay({ source, bus, log, name: 'order' });
  return {
    takePspWebhook: new TakePspWebhook(psp, inbox, keys, { clock, crash, log, wake: bell }),
    work: new OrderWork({ ...parts, ...{ workPspMessage, relay, clock, log, psp } }),
    ...{ recordPspResult, workPspMessage },
  };
}

function assembleSandbox(options: OrderOptions, parts: Stores & Payments & People & Checkout) {
  const { demoPayersFile, publicUrl } = options;
  const demoPayers = new DemoPayers(async () =>
    demoPayersFile === undefined ? null : readFile(demoPayersFile, 'utf8').catch(() => null),
  );
  const sheet = {
    open: parts.openAttempt,
    confirm: parts.confirmAttempt,
    cancel: parts.cancelAttempt,
    resolve: parts.resolveAttempt,
    checkPin: (who: { userId: string; pin: string }) => parts.checkPin.run(who),
  };
  const bank = {
    page: new HttpBankPage(),
    returnUrlOf: (attemptId: string) => `${publicUrl}/checkout/return/${attemptId}`,
  };
  const { orders, openids } = parts;
  const payers = { openids, demo: demoPayers };
  return { demoPayers, sandboxPay: new SandboxPay(orders, payers, sheet, bank) };
}
