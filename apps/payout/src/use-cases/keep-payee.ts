import { Refusal } from '@stuiver/errors';
import type { Clock } from '@stuiver/ports';
import type { Payee, PayeeBook } from './ports.js';

/** What a bank can be told. */
export interface BankRules {
  /** Country, length and check digits. */
  isIban(iban: string): boolean;
  /** Something a person can read is left of it in the characters that banks take. */
  isName(name: string): boolean;
}

/** Who is paid for a merchant, and where. */
export class KeepPayee {
  constructor(
    private readonly payees: PayeeBook,
    private readonly clock: Clock,
    private readonly rules: BankRules,
  ) {}

  /** @throws Refusal PARAM_ERROR when the IBAN cannot exist or no bank could be told the name. */
  async run(payee: Payee): Promise<void> {
    const iban = payee.iban.replaceAll(' ', '').toUpperCase();
    need('iban', this.rules.isIban(iban), 'must be an IBAN whose check digits fit');
    need(
      'name',
      this.rules.isName(payee.name),
      'must hold a letter or digit that banks can write: Latin, Greek or Cyrillic',
    );
    await this.payees.keep({ ...payee, iban }, this.clock.now());
  }

  /** The account is right although the bank sent money back: the merchant is paid again. @throws Refusal NOT_FOUND. */
  async confirm(merchantId: string): Promise<void> {
    const isThere = await this.payees.confirm(merchantId, this.clock.now());
    if (!isThere) throw new Refusal('NOT_FOUND', { payee: merchantId });
  }
}

function need(field: string, holds: boolean, rule: string): void {
  if (!holds) throw new Refusal('PARAM_ERROR', { field, rule });
}
