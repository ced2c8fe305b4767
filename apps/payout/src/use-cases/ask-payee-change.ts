import { Refusal } from '@stuiver/errors';
import { newId } from '@stuiver/ids';
import type { Clock, Random } from '@stuiver/ports';
import { isSamePerson } from '../domain/person.js';
import type { Payee, PayeeBook, Person } from './ports.js';
import type { PayeeChange, PayeeChanges } from './payee-ports.js';

/** What a bank can be told. */
export interface BankRules {
  /** Country, length and check digits. */
  isIban(iban: string): boolean;
  /** Something a person can read is left of it in the characters that banks take. */
  isName(name: string): boolean;
}

/**
 * Asks that a merchant be paid on another account. Nothing changes until another person agrees and the cool-off is
 * over; until then nobody is paid for this merchant, and the merchant's people are told by mail.
 */
export class AskPayeeChange {
  constructor(
    private readonly payees: PayeeBook,
    private readonly changes: PayeeChanges,
    private readonly tools: { clock: Clock; random: Random; rules: BankRules },
  ) {}

  /**
   * Asked again by the same person, it is the one that is open.
   * @returns nothing when the merchant is paid there already.
   * @throws Refusal PARAM_ERROR when the IBAN cannot exist or no bank could be told the name; STATE_CONFLICT while
   *   another change is open.
   */
  async run(payee: Payee, by: Person): Promise<PayeeChange | undefined> {
    const wanted = this.checked(payee);
    const open = await this.changes.open(wanted.merchantId);
    if (
      open !== undefined &&
      isSame(open.payee, wanted) &&
      isSamePerson(open.change.askedBy.id, by.id)
    ) {
      return open.change;
    }
    const present = await this.payees.find(wanted.merchantId);
    if (present !== undefined && isSame(present, wanted) && open === undefined) return undefined;
    return this.ask(wanted, by, present === undefined);
  }

  private async ask(wanted: Payee, by: Person, isFirst: boolean): Promise<PayeeChange | undefined> {
    const at = this.tools.clock.now();
    const id = newId('PayeeChange', at, this.tools.random);
    // Sealed first: the key store may be far away, and no such call belongs into a transaction.
    const details = await this.changes.seal(wanted);
    const { merchantId } = wanted;
    await this.changes.run(async (writes) => {
      await writes.insert({ id, details, by, at });
      if (!isFirst) {
        await writes.say({
          type: 'payout.payee-change-asked.v1',
          subject: merchantId,
          data: { payeeChangeId: id, merchantId, askedAt: at.toISOString() },
        });
      }
      await writes.audit({
        act: 'payee-change-asked',
        subject: { kind: 'payee-change', id },
        after: { merchantId, isFirst },
      });
    });
    return this.changes.find(id);
  }

  private checked(payee: Payee): Payee {
    const iban = payee.iban.replaceAll(' ', '').toUpperCase();
    const { rules } = this.tools;
    need('iban', rules.isIban(iban), 'must be an IBAN whose check digits fit', 'not-an-iban');
    need(
      'name',
      rules.isName(payee.name),
      'must hold a letter or digit that banks can write: Latin, Greek or Cyrillic',
      'not-a-bank-name',
    );
    return { ...payee, iban };
  }
}

function isSame(one: Payee, other: Payee): boolean {
  return one.iban === other.iban && one.name === other.name;
}

function need(field: string, holds: boolean, rule: string, why: string): void {
  if (!holds) throw new Refusal('PARAM_ERROR', { field, rule, why });
}
