import { type BankStatement, readCamt053, writePain001 } from '@stuiver/iso20022';
import { Money } from '@stuiver/money';
import type { FileAnswer, PaymentState } from '../bank/payments.js';
import type { StatementSummary } from '../bank/statements.js';
import { KEY } from './sandbox-world.js';

export const OURS = 'NL20INGB0001234567';
const THEIRS = 'NL91ABNA0417164300';

/** What a customer of the sandbox's bank does. */
export class BankDesk {
  constructor(
    private readonly world: { readonly url: string },
    private readonly iban = OURS,
  ) {}

  /** A file over these payments, in cents by their end-to-end ids, for today. */
  async file(
    messageId: string,
    payments: Readonly<Record<string, bigint>>,
    change: (xml: string) => string = (xml) => xml,
  ): Promise<string> {
    const { xml } = writePain001({
      messageId,
      createdAt: new Date('2026-11-23T10:00:00Z'),
      initiator: { name: 'Stuiver' },
      debtor: { name: 'Stuiver', iban: this.iban },
      executionDate: await this.today(),
      transfers: Object.entries(payments).map(([endToEndId, minor]) => ({
        endToEndId,
        amount: Money.ofMinor(minor, 'EUR'),
        creditor: { name: 'Cafe De Stuiver', iban: THEIRS },
        remittance: `Settlement ${endToEndId}`,
      })),
    });
    return change(xml);
  }

  async pay(xml: string): Promise<FileAnswer> {
    const answer = await this.call('POST', '/bank/payments', xml);
    return (await answer.json()) as FileAnswer;
  }

  async plan(endToEndId: string, plan: unknown): Promise<number> {
    return (await this.call('POST', `/bank/plans/${endToEndId}`, JSON.stringify(plan))).status;
  }

  async today(): Promise<string> {
    const answer = await this.call('GET', '/bank/clock');
    return ((await answer.json()) as { day: string }).day;
  }

  async move(to: { advance_days: number } | { day: string }): Promise<Response> {
    return this.call('POST', '/bank/clock', JSON.stringify(to));
  }

  async states(messageId: string): Promise<readonly PaymentState[]> {
    const answer = await this.call('GET', `/bank/payments/${messageId}`);
    return ((await answer.json()) as { payments: PaymentState[] }).payments;
  }

  async balance(): Promise<string | undefined> {
    const answer = await this.call('GET', '/bank/accounts');
    const { accounts } = (await answer.json()) as {
      accounts: { iban: string; balance_minor: string }[];
    };
    return accounts.find(({ iban }) => iban === this.iban)?.balance_minor;
  }

  async list(): Promise<readonly StatementSummary[]> {
    const answer = await this.call('GET', `/bank/statements?iban=${this.iban}`);
    return ((await answer.json()) as { statements: StatementSummary[] }).statements;
  }

  async xml(id: string): Promise<string> {
    return (await this.call('GET', `/bank/statements/${id}`)).text();
  }

  /** Every statement of the account, as its reader reads it. */
  async statements(): Promise<readonly BankStatement[]> {
    const files = await Promise.all((await this.list()).map(({ id }) => this.xml(id)));
    return files.flatMap((xml) => readCamt053(Buffer.from(xml, 'utf8')));
  }

  call(
    method: 'GET' | 'POST',
    path: string,
    body?: string,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Response> {
    return fetch(this.world.url + path, {
      method,
      headers: { authorization: `Bearer ${KEY}`, ...headers },
      ...(body === undefined ? {} : { body }),
    });
  }
}
