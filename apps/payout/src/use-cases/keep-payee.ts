import { Refusal } from '@stuiver/errors';
import type { Clock } from '@stuiver/ports';
import type { AskPayeeChange } from './ask-payee-change.js';
import type { DecidePayeeChange } from './decide-payee-change.js';
import type { Payee, PayeeBook } from './ports.js';
import type { UsePayeeChanges } from './use-payee-changes.js';

/** Who is paid for a merchant, and where: as an operator says it, in the names of two people. */
export class KeepPayee {
  constructor(
    private readonly payees: PayeeBook,
    private readonly clock: Clock,
    private readonly steps: {
      ask: AskPayeeChange;
      decide: DecidePayeeChange;
      use: UsePayeeChanges;
    },
  ) {}

  /**
   * Asks and agrees in one go. A merchant's first payee is used at once, another one after its cool-off. Safe to repeat.
   * @throws Refusal PARAM_ERROR when the IBAN cannot exist or no bank could be told the name; SAME_PERSON;
   *   STATE_CONFLICT while another change is open.
   */
  async run(payee: Payee, people: { maker: string; checker: string }): Promise<void> {
    const change = await this.steps.ask.run(payee, { id: people.maker, name: null });
    if (change === undefined) return;
    const { id, detailsSha256 } = change;
    const by = { id: people.checker, name: null };
    await this.steps.decide.approve({ id, by, detailsSha256, payeeCheck: 'RVNA' });
    await this.steps.use.run();
  }

  /** The account is right although the bank sent money back: the merchant is paid again. @throws Refusal NOT_FOUND. */
  async confirm(merchantId: string): Promise<void> {
    const isThere = await this.payees.confirm(merchantId, this.clock.now());
    if (!isThere) throw new Refusal('NOT_FOUND', { payee: merchantId });
  }
}
