import { type DynamicModule, Module, type Provider, type Type } from '@nestjs/common';
import { AgreementModule } from '@stuiver/agreement';
import { ASK_NOW, type AskNow } from './adapters/http/console/support.controller.js';
import { AttemptController } from './adapters/http/checkout/attempt.controller.js';
import { CounterCodeController } from './adapters/http/checkout/counter-code.controller.js';
import { CardFieldsController } from './adapters/http/checkout/card-fields.controller.js';
import { LoginController } from './adapters/http/checkout/login.controller.js';
import { OpenAttemptController } from './adapters/http/checkout/open-attempt.controller.js';
import { ReturnController } from './adapters/http/checkout/return.controller.js';
import { PayerSession } from './adapters/http/payer-session.js';
import { PayerGuard } from './adapters/http/payer.guard.js';
import { SandboxPayController } from './adapters/http/sandbox/sandbox-pay.controller.js';
import { SandboxGuard } from './adapters/http/sandbox/sandbox.guard.js';
import { KeepAccountController } from './adapters/http/wallet/keep-account.controller.js';
import { MiniProgramsController } from './adapters/http/wallet/mini-programs.controller.js';
import { Myself } from './adapters/http/wallet/myself.js';
import { ReceiptController } from './adapters/http/wallet/receipt.controller.js';
import { SessionController } from './adapters/http/wallet/session.controller.js';
import { TopUpsController } from './adapters/http/wallet/top-ups.controller.js';
import { WalletController } from './adapters/http/wallet/wallet.controller.js';
import { PspWebhookController } from './adapters/http/webhooks/psp-webhook.controller.js';
import { NotificationSender } from './adapters/notify/notification-sender.js';
import { MONEY_KINDS, MoneySaidRows } from './adapters/postgres/money-said.js';
import { PostgresConsoleCodes } from './adapters/postgres/console-codes.js';
import { PostgresConsoleCounter } from './adapters/postgres/console-counter.js';
import { PostgresDirectory } from './adapters/postgres/directory.js';
import { OrderWork } from './adapters/work/order-work.js';
import { assembleOrder, type OrderParts } from './assemble.js';
import type { OrderOptions } from './options.js';
import { offersBalance } from './psp-accounts-of.js';
import { OperatorPeopleController } from './adapters/http/operator/people.controller.js';
import { PackageController } from './adapters/http/operator/package.controller.js';
import { PAGE_OPTIONS, type PageOptions } from './adapters/http/page-options.js';
import { CancelAttempt } from './use-cases/cancel-attempt.js';
import { CloseOrder } from './use-cases/close-order.js';
import { ConfirmAttempt } from './use-cases/confirm-attempt.js';
import { CancelTillOrder } from './use-cases/counter/cancel-till-order.js';
import { FindCounterCode } from './use-cases/counter/find-counter-code.js';
import { MakeCounterCode } from './use-cases/counter/make-counter-code.js';
import { OpenCodeOrder } from './use-cases/counter/open-code-order.js';
import { OpenTillOrder } from './use-cases/counter/open-till-order.js';
import { SwitchCounterCode } from './use-cases/counter/switch-counter-code.js';
import { ErasePerson } from './use-cases/erase-person.js';
import { FindAttempt } from './use-cases/find-attempt.js';
import { FindOrder } from './use-cases/find-order.js';
import { FindPerson } from './use-cases/find-person.js';
import { FindRefund } from './use-cases/find-refund.js';
import { FindWallet } from './use-cases/find-wallet.js';
import { IssueLoginCode } from './use-cases/issue-login-code.js';
import { KeepAccount } from './use-cases/keep-account.js';
import { OpenCardFields } from './use-cases/open-card-fields.js';
import { MakePaymentReceipt } from './use-cases/make-payment-receipt.js';
import { OpenAttempt } from './use-cases/open-attempt.js';
import { OpenOrder } from './use-cases/open-order.js';
import { TakePspWebhook } from './use-cases/psp-inbox.js';
import { RedeemLoginCode } from './use-cases/redeem-login-code.js';
import { RequestRefund } from './use-cases/request-refund.js';
import { ReturnFromBank } from './use-cases/return-from-bank.js';
import { SandboxPay } from './use-cases/sandbox-pay.js';
import { Sessions } from './use-cases/sessions.js';
import { SetUpPspAccount } from './use-cases/set-up-psp-account.js';
import { TopUpWallet } from './use-cases/top-up.js';
import { PRICE_CONTROLLERS, priceProviders } from './prices-of.js';
import { RiskController } from './adapters/http/risk/risk.controller.js';
import { riskProviders } from './risk-of.js';
import { STAFF_CONTROLLERS, staffModuleProviders } from './staff.module-parts.js';
import { WIRE_OPTIONS } from './adapters/http/wire-options.js';
import { WIRE_CONTROLLERS, WIRE_PROVIDERS } from './wire.module-parts.js';

const CONTROLLERS: readonly Type[] = [
  SessionController,
  KeepAccountController,
  WalletController,
  TopUpsController,
  ReceiptController,
  MiniProgramsController,
  LoginController,
  OpenAttemptController,
  CounterCodeController,
  AttemptController,
  CardFieldsController,
  ReturnController,
  PspWebhookController,
  SandboxPayController,
  PackageController,
  OperatorPeopleController,
];

/** Orders, attempts, refunds, payers and what merchants hear of them. */
@Module({})
export class OrderModule {
  static with(options: OrderOptions): DynamicModule {
    const parts = assembleOrder(options);
    return {
      module: OrderModule,
      imports: agreementOf(options),
      controllers: [
        ...CONTROLLERS,
        ...WIRE_CONTROLLERS,
        ...STAFF_CONTROLLERS,
        ...PRICE_CONTROLLERS,
        RiskController,
      ],
      providers: [
        { provide: PAGE_OPTIONS, useValue: pageOptionsOf(options) },
        { provide: WIRE_OPTIONS, useValue: options },
        { provide: PayerSession, useValue: new PayerSession(parts.sessions, options) },
        { provide: Myself, useValue: myselfOf(parts, pageOptionsOf(options)) },
        ...[PayerGuard, SandboxGuard],
        ...useCases(parts),
        { provide: ASK_NOW, useValue: askNowOf(parts, options) },
        ...WIRE_PROVIDERS,
        ...priceProviders(options),
        ...riskProviders(options, parts),
        ...staffModuleProviders(parts.staff, options.log, {
          orders: options.database,
          people: options.people,
        }),
        ringNotifications(parts),
      ],
    };
  }
}

function agreementOf(options: OrderOptions): DynamicModule[] {
  const { bookings, database, clock, random, log, metrics, operatorToken } = options;
  if (bookings === undefined) return [];
  const said = new MoneySaidRows(database);
  return [
    AgreementModule.with({
      ...{ service: 'order', said, kinds: MONEY_KINDS, bookings, database },
      ...{ clock, random, log, metrics, operatorToken },
    }),
  ];
}

function pageOptionsOf(options: OrderOptions): PageOptions {
  const { clock, publicUrl, frameUrlOf, sandbox } = options;
  return {
    ...{ clock, publicUrl, frameUrlOf, sandbox, offersBalance: offersBalance(options) },
    offersCards: options.cardFields !== undefined,
  };
}

function myselfOf(parts: OrderParts, options: PageOptions): Myself {
  return new Myself(parts.findPerson, parts.demoPayers, options);
}

function useCases(parts: OrderParts): Provider[] {
  return [
    { provide: PostgresConsoleCounter, useValue: parts.consoleCounter },
    { provide: PostgresConsoleCodes, useValue: parts.consoleCodes },
    { provide: MakeCounterCode, useValue: parts.makeCounterCode },
    { provide: SwitchCounterCode, useValue: parts.switchCounterCode },
    { provide: FindCounterCode, useValue: parts.findCounterCode },
    { provide: OpenCodeOrder, useValue: parts.openCodeOrder },
    { provide: OpenTillOrder, useValue: parts.openTillOrder },
    { provide: CancelTillOrder, useValue: parts.cancelTillOrder },
    { provide: CancelAttempt, useValue: parts.cancelAttempt },
    { provide: CloseOrder, useValue: parts.closeOrder },
    { provide: ConfirmAttempt, useValue: parts.confirmAttempt },
    { provide: ErasePerson, useValue: parts.erasePerson },
    { provide: FindAttempt, useValue: parts.findAttempt },
    { provide: OpenCardFields, useValue: parts.openCardFields },
    { provide: FindOrder, useValue: parts.findOrder },
    { provide: FindPerson, useValue: parts.findPerson },
    { provide: FindRefund, useValue: parts.findRefund },
    { provide: FindWallet, useValue: parts.findWallet },
    { provide: IssueLoginCode, useValue: parts.issueLoginCode },
    { provide: KeepAccount, useValue: parts.keepAccount },
    { provide: MakePaymentReceipt, useValue: parts.makeReceipt },
    { provide: OpenAttempt, useValue: parts.openAttempt },
    { provide: OpenOrder, useValue: parts.openOrder },
    { provide: OrderWork, useValue: parts.work },
    { provide: PostgresDirectory, useValue: parts.directory },
    { provide: RedeemLoginCode, useValue: parts.redeemLoginCode },
    { provide: RequestRefund, useValue: parts.requestRefund },
    { provide: ReturnFromBank, useValue: parts.returnFromBank },
    { provide: SandboxPay, useValue: parts.sandboxPay },
    { provide: Sessions, useValue: parts.sessions },
    { provide: SetUpPspAccount, useValue: parts.setUpPspAccount },
    { provide: TakePspWebhook, useValue: parts.takePspWebhook },
    { provide: TopUpWallet, useValue: parts.topUp },
  ];
}

function askNowOf(parts: OrderParts, { clock }: OrderOptions): AskNow {
  return {
    clock,
    ask: {
      attempt: (id) => parts.resolveAttempt.run(id),
      refund: (id) => parts.workRefund.run(id),
      'top-up': (id) => parts.topUp.resolve(id),
    },
  };
}

const NOTIFICATIONS_RUNG = Symbol('NOTIFICATIONS_RUNG');

/** What makes an event makes a notification: both are looked for at once. */
function ringNotifications(parts: OrderParts): Provider {
  return {
    provide: NOTIFICATIONS_RUNG,
    inject: [NotificationSender],
    useFactory: (sender: NotificationSender) => {
      parts.bell.connect('outbox', () => {
        sender.wake();
      });
      return true;
    },
  };
}
