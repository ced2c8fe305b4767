import type { Provider, Type } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { Log } from '@stuiver/ports';
import { staffProviders } from '@stuiver/staff';
import {
  AUDIT_DATABASES,
  type AuditDatabases,
  ConsoleAuditController,
} from './adapters/http/console/audit.controller.js';
import { ConsoleNotificationsController } from './adapters/http/console/notifications.controller.js';
import { SupportController } from './adapters/http/console/support.controller.js';
import { MerchantOrdersController } from './adapters/http/console/merchant-orders.controller.js';
import { CounterCodesController } from './adapters/http/console/counter-codes.controller.js';
import { TillController } from './adapters/http/console/till.controller.js';
import { PspAccountController } from './adapters/http/console/psp-account.controller.js';
import { OperatorStaffController } from './adapters/http/operator/staff.controller.js';
import { SandboxMailController } from './adapters/http/sandbox/sandbox-mail.controller.js';
import { InvitationController } from './adapters/http/staff/invitation.controller.js';
import { EMBEDDED_PROVIDER, LoginPageController } from './adapters/http/staff/login.controller.js';
import { StaffSessionController } from './adapters/http/staff/session.controller.js';
import { SignInController } from './adapters/http/staff/sign-in.controller.js';
import { StaffDoor } from './adapters/http/staff/staff-door.js';
import { STAFF_LOG } from './adapters/http/staff/staff-log.js';
import { HearPayeeChanges } from './adapters/mail/hear-payee-changes.js';
import { MailSender } from './adapters/mail/mail-sender.js';
import { OidcMount } from './adapters/oidc/oidc-mount.js';
import { RelyingParty } from './adapters/oidc/relying-party.js';
import { SupportView } from './adapters/postgres/support.js';
import { NotificationLogView } from './adapters/postgres/notification-view.js';
import { PostgresConsoleOrders } from './adapters/postgres/console-orders.js';
import { PostgresMails } from './adapters/postgres/mails.js';
import { PostgresStaff } from './adapters/postgres/staff.js';
import { StaffTidy } from './adapters/work/staff-tidy.js';
import type { StaffParts } from './assemble-staff.js';
import { AcceptInvitation } from './use-cases/staff/accept-invitation.js';
import { ChangeStaff } from './use-cases/staff/change-staff.js';
import { CheckPassword } from './use-cases/staff/check-password.js';
import { InviteStaff } from './use-cases/staff/invite-staff.js';

/** The half of the service that staff see: sign-in, consoles, mail. */
export const STAFF_CONTROLLERS: readonly Type[] = [
  SignInController,
  StaffSessionController,
  LoginPageController,
  InvitationController,
  OperatorStaffController,
  MerchantOrdersController,
  ConsoleNotificationsController,
  SupportController,
  TillController,
  CounterCodesController,
  ConsoleAuditController,
  PspAccountController,
  SandboxMailController,
];

export function staffModuleProviders(
  parts: StaffParts,
  log: Log,
  databases: AuditDatabases,
): Provider[] {
  return [
    ...staffProviders(parts.sessions),
    { provide: STAFF_LOG, useValue: log },
    { provide: AUDIT_DATABASES, useValue: databases },
    { provide: StaffDoor, useValue: parts.door },
    { provide: RelyingParty, useValue: parts.relyingParty },
    { provide: EMBEDDED_PROVIDER, useValue: parts.provider },
    {
      provide: OidcMount,
      inject: [HttpAdapterHost],
      useFactory: (host: HttpAdapterHost) => new OidcMount(parts.provider, host),
    },
    { provide: PostgresStaff, useValue: parts.staff },
    { provide: PostgresMails, useValue: parts.mails },
    { provide: PostgresConsoleOrders, useValue: parts.consoleOrders },
    { provide: SupportView, useValue: parts.support },
    { provide: NotificationLogView, useValue: parts.notificationLog },
    { provide: MailSender, useValue: parts.mailSender },
    { provide: HearPayeeChanges, useValue: parts.hearPayeeChanges },
    { provide: StaffTidy, useValue: new StaffTidy(parts.signIns, log) },
    { provide: CheckPassword, useValue: parts.checkPassword },
    { provide: AcceptInvitation, useValue: parts.acceptInvitation },
    { provide: ChangeStaff, useValue: parts.changeStaff },
    { provide: InviteStaff, useValue: parts.inviteStaff },
  ];
}
