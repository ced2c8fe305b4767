import { PostgresAuditTrail } from '@stuiver/audit';
import { StaffSessions } from '@stuiver/staff';
import { StaffDoor } from './adapters/http/staff/staff-door.js';
import { messagePage } from './adapters/http/staff/staff-pages.js';
import { langOf } from './adapters/http/staff/staff-texts.js';
import { PAGE_HEADERS } from './adapters/http/staff/html.js';
import { HearPayeeChanges } from './adapters/mail/hear-payee-changes.js';
import { MailSender } from './adapters/mail/mail-sender.js';
import { NoTransport, SandboxMailbox } from './adapters/mail/sandbox-mailbox.js';
import { SmtpTransport } from './adapters/mail/smtp-transport.js';
import { EmbeddedProvider } from './adapters/oidc/embedded-provider.js';
import { RelyingParty } from './adapters/oidc/relying-party.js';
import { SupportView } from './adapters/postgres/support.js';
import { NotificationLogView } from './adapters/postgres/notification-view.js';
import { PostgresConsoleOrders } from './adapters/postgres/console-orders.js';
import { PostgresMails, PostgresMailWrites } from './adapters/postgres/mails.js';
import { PostgresStaff } from './adapters/postgres/staff.js';
import type { OrderOptions } from './options.js';
import type { MailTransport } from './use-cases/mail/mail.js';
import { SendMail } from './use-cases/mail/send-mail.js';
import { AcceptInvitation } from './use-cases/staff/accept-invitation.js';
import { ChangeStaff } from './use-cases/staff/change-staff.js';
import { CheckPassword } from './use-cases/staff/check-password.js';
import { InviteStaff } from './use-cases/staff/invite-staff.js';
import { StaffSignIns } from './use-cases/staff/staff-sign-ins.js';
import { TellPayeeChange } from './use-cases/staff/tell-payee-change.js';

export type StaffParts = ReturnType<typeof assembleStaff>;

const MAIL_FROM = 'Stuiver <noreply@localhost>';

/** Staff, how they sign in, and the mail that tells them; the other half of the service does not know them. */
export function assembleStaff(options: OrderOptions) {
  const { database, keys, clock, random, log, publicUrl, sandbox, staffKey, oidc } = options;
  const mails = new PostgresMails(database, keys);
  const sendMail = new SendMail(mails, transportOf(options), { clock, log });
  const mailSender = new MailSender(sendMail, log);
  const staff = new PostgresStaff(
    database,
    (tx) => new PostgresMailWrites(tx, { keys, clock, random }),
    new PostgresAuditTrail('orders', clock),
  );
  const signIns = new StaffSignIns(staff, { clock, random });
  const sessions = new StaffSessions({ key: staffKey, clock, publicUrl, sandbox });
  const provider = oidc === undefined ? embeddedProvider(options, staff) : null;
  const address = provider?.address ?? oidc;
  if (address === undefined) throw new Error('staff sign in somewhere');
  const tellPayeeChange = new TellPayeeChange(staff, {
    publicUrl,
    wakeMail: () => {
      mailSender.wake();
    },
  });
  return {
    ...{ mails, sendMail, mailSender, staff, signIns, sessions, provider },
    door: new StaffDoor(sessions, signIns, staffKey),
    relyingParty: new RelyingParty(address, { publicUrl, keys, clock }),
    checkPassword: new CheckPassword(staff, staff, clock),
    acceptInvitation: new AcceptInvitation(staff, { clock, random }),
    tellPayeeChange,
    hearPayeeChanges: new HearPayeeChanges(options.bus, tellPayeeChange),
    changeStaff: new ChangeStaff(staff, clock),
    inviteStaff: new InviteStaff(staff, {
      ...{ clock, random, publicUrl, hasOwnProvider: oidc !== undefined },
      wakeMail: () => {
        mailSender.wake();
      },
    }),
    consoleOrders: new PostgresConsoleOrders(database),
    notificationLog: new NotificationLogView(database),
    support: new SupportView(database),
  };
}

function transportOf(options: OrderOptions): MailTransport {
  const { mailUrl, mailFrom, sandbox } = options;
  if (mailUrl !== undefined) return new SmtpTransport(mailUrl, mailFrom ?? MAIL_FROM);
  return sandbox ? new SandboxMailbox() : new NoTransport();
}

function embeddedProvider(options: OrderOptions, staff: PostgresStaff): EmbeddedProvider {
  const { database, clock, publicUrl, staffKey } = options;
  return new EmbeddedProvider({
    ...{ database, clock, publicUrl, secret: staffKey },
    findStaff: (id) => staff.byId(id),
    renderProblem: ({ acceptLanguage }) => ({
      html: messagePage(langOf(acceptLanguage), 'over'),
      headers: PAGE_HEADERS,
    }),
  });
}
