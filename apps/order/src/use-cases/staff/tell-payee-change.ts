import type { EventData } from '@stuiver/contracts';
import type { Staff } from '../../domain/staff.js';
import type { Mail } from '../mail/mail.js';
import type { StaffStore } from './staff-ports.js';

/**
 * Tells a merchant's people by mail that somebody asked to pay the merchant on another account, while there is time to
 * take it back. One mail per person and change, however often it is heard.
 */
export class TellPayeeChange {
  constructor(
    private readonly store: StaffStore,
    private readonly tools: { publicUrl: string; wakeMail: () => void },
  ) {}

  async run(asked: EventData<'payout.payee-change-asked.v1'>): Promise<void> {
    const { merchantId, payeeChangeId } = asked;
    const url = `${this.tools.publicUrl}/merchant/${merchantId}`;
    await this.store.run(async (writes) => {
      for (const person of await writes.peopleOf(merchantId)) {
        const dedupeKey = `payee-change/${payeeChangeId}/${person.id}`;
        await writes.oweMail({ ...payeeChangeMail(person, { url, merchantId }), dedupeKey });
      }
    });
    this.tools.wakeMail();
  }
}

/** In Dutch and in English; no account and no name of one stands in a mail. */
function payeeChangeMail(
  person: Pick<Staff, 'email' | 'name'>,
  about: { url: string; merchantId: string },
): Mail {
  const { url, merchantId } = about;
  const text = [
    `Dag ${person.name},`,
    '',
    `Voor winkel ${merchantId} is een andere bankrekening aangevraagd. Tot die geldt, betalen we niets uit.`,
    'Klopt dat niet? Trek de aanvraag dan meteen in:',
    '',
    url,
    '',
    '--',
    '',
    `Hello ${person.name},`,
    '',
    `Another bank account was asked for merchant ${merchantId}. Until it is used, nothing is paid out.`,
    'Was that none of you? Then withdraw it now:',
    '',
    url,
    '',
  ].join('\n');
  return {
    to: person.email,
    subject: 'Stuiver: andere bankrekening / another bank account',
    text,
  };
}
