import { Refusal } from '@stuiver/errors';
import type { Clock } from '@stuiver/ports';
import type { Payee, PayeeBook } from './ports.js';

/** Who is paid for a merchant, and where. */
export class KeepPayee {
  constructor(
    private readonly payees: PayeeBook,
    private readonly clock: Clock,
    /** Country, length and check digits. */
    private readonly isIban: (iban: string) => boolean,
  ) {}

  /** @throws Refusal PARAM_ERROR when the IBAN cannot exist. */
  async run(payee: Payee): Promise<void> {
    const iban = payee.iban.replaceAll(' ', '').toUpperCase();
    if (!this.isIban(iban)) {
      throw new Refusal('PARAM_ERROR', {
        field: 'iban',
        rule: 'must be an IBAN whose check digits fit',
      });
    }
    await this.payees.keep({ ...payee, iban }, this.clock.now());
  }
}
