import type { FactoryProvider, Provider, Type } from '@nestjs/common';
import { PostgresAuditTrail } from '@stuiver/audit';
import { OPERATOR_TOKEN } from '@stuiver/http';
import { HttpCourier } from './adapters/notify/http-courier.js';
import { NotificationSender } from './adapters/notify/notification-sender.js';
import { NonceSweeper } from './adapters/postgres/nonce-sweeper.js';
import { OperatorMerchantsController } from './adapters/http/operator/merchants.controller.js';
import { JsCodeToSessionController } from './adapters/http/sns/jscode2session.controller.js';
import { CertificatesController } from './adapters/http/v3/certificates.controller.js';
import { EchoController } from './adapters/http/v3/echo.controller.js';
import { FindOrderController } from './adapters/http/v3/find-order.controller.js';
import { MerchantGuard } from './adapters/http/v3/merchant.guard.js';
import { OpenOrderController } from './adapters/http/v3/open-order.controller.js';
import { RefundController } from './adapters/http/v3/refund.controller.js';
import { PostgresMerchants } from './adapters/postgres/merchants.js';
import { PostgresMiniPrograms } from './adapters/postgres/mini-programs.js';
import { PostgresNonces } from './adapters/postgres/nonces.js';
import { NotificationQueue } from './adapters/postgres/notification-queue.js';
import { PostgresNotificationBook } from './adapters/postgres/notifications.js';
import { pspAccountsOf } from './psp-accounts-of.js';
import { CreateMerchant } from './use-cases/create-merchant.js';
import { Echo } from './use-cases/echo.js';
import { RegisterMiniProgram } from './use-cases/register-mini-program.js';
import { ReplayNotification } from './use-cases/replay-notification.js';
import { SendNotification } from './use-cases/send-notification.js';
import { WIRE_OPTIONS, type WireOptions } from './adapters/http/wire-options.js';

/** The merchant-facing half of the service. The module that takes these provides WIRE_OPTIONS and the use cases. */
export const WIRE_CONTROLLERS: readonly Type[] = [
  OpenOrderController,
  FindOrderController,
  RefundController,
  CertificatesController,
  EchoController,
  JsCodeToSessionController,
  OperatorMerchantsController,
];

function made<Made extends object>(
  provide: new (...parts: never[]) => Made,
  inject: FactoryProvider['inject'],
  useFactory: (...parts: never[]) => Made,
): Provider {
  return { provide, inject: inject ?? [], useFactory };
}

// prettier-ignore
export const WIRE_PROVIDERS: readonly Provider[] = [
  MerchantGuard,
  { provide: OPERATOR_TOKEN, inject: [WIRE_OPTIONS], useFactory: (options: WireOptions) => options.operatorToken },

  made(PostgresMerchants, [WIRE_OPTIONS], ({ database, keys, clock }: WireOptions) => new PostgresMerchants(database, keys, { clock, trail: new PostgresAuditTrail('orders', clock) })),
  made(PostgresMiniPrograms, [WIRE_OPTIONS], ({ database, keys, clock }: WireOptions) => new PostgresMiniPrograms(database, keys, new PostgresAuditTrail('orders', clock))),
  made(PostgresNonces, [WIRE_OPTIONS], ({ database }: WireOptions) => new PostgresNonces(database)),
  made(NonceSweeper, [PostgresNonces, WIRE_OPTIONS], (nonces: PostgresNonces, options: WireOptions) => new NonceSweeper(nonces, options)),
  made(PostgresNotificationBook, [WIRE_OPTIONS], (options: WireOptions) => new PostgresNotificationBook(options.database, options)),
  made(NotificationQueue, [WIRE_OPTIONS], ({ database, clock }: WireOptions) => new NotificationQueue(database, new PostgresAuditTrail('orders', clock))),

  made(HttpCourier, [PostgresMerchants, WIRE_OPTIONS], (merchants: PostgresMerchants, { keys, clock, random, sandbox }: WireOptions) =>
    new HttpCourier(merchants, keys, { clock, random, addresses: { allowPrivate: sandbox } })),
  made(SendNotification, [HttpCourier, NotificationQueue, WIRE_OPTIONS], (courier: HttpCourier, queue: NotificationQueue, { clock }: WireOptions) =>
    new SendNotification(courier, queue, clock)),
  made(NotificationSender, [NotificationQueue, SendNotification, WIRE_OPTIONS], (queue: NotificationQueue, send: SendNotification, options: WireOptions) =>
    new NotificationSender(queue, send, options)),

  made(CreateMerchant, [PostgresMerchants, WIRE_OPTIONS], (merchants: PostgresMerchants, options: WireOptions) =>
    new CreateMerchant(merchants, options.keys, options, pspAccountsOf(options).pspAccounts)),
  made(RegisterMiniProgram, [PostgresMiniPrograms, WIRE_OPTIONS], (programs: PostgresMiniPrograms, options: WireOptions) =>
    new RegisterMiniProgram(programs, options)),
  made(ReplayNotification, [NotificationQueue, NotificationSender, WIRE_OPTIONS], (queue: NotificationQueue, sender: NotificationSender, { clock }: WireOptions) =>
    new ReplayNotification(queue, { clock, wake: () => { sender.wake(); } })),
  made(Echo, [PostgresNotificationBook, NotificationSender, WIRE_OPTIONS], (book: PostgresNotificationBook, sender: NotificationSender, { keys }: WireOptions) =>
    new Echo(keys, book, () => { sender.wake(); })),
];
