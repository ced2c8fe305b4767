import { Refusal } from '@stuiver/errors';
import type { DemoPayers } from '../../../use-cases/demo-payers.js';
import type { FindPerson } from '../../../use-cases/find-person.js';

export interface ShownUser {
  readonly user_id: string;
  readonly name: string | null;
  readonly guest: boolean;
  readonly has_pin: boolean;
}

/** Words a person's own account for their own page. */
export class Myself {
  constructor(
    private readonly findPerson: FindPerson,
    private readonly demoPayers: DemoPayers,
    private readonly options: { readonly sandbox: boolean; readonly offersBalance: boolean },
  ) {}

  async show(userId: string): Promise<ShownUser> {
    const { name, guest, hasPin } = await this.findPerson.run(userId);
    return { user_id: userId, name, guest, has_pin: hasPin };
  }

  /** In sandbox a developer may play any demo payer. */
  async answer(userId: string): Promise<object> {
    const user = await this.show(userId);
    const offers = { balance: this.options.offersBalance };
    if (!this.options.sandbox) return { user, offers, sandbox: false };
    const payers = await this.demoPayers.all();
    const shown = payers.map((payer) => ({ name: payer.name, user_id: payer.userId }));
    return { user, offers, sandbox: true, demo_payers: shown };
  }

  /** @throws Refusal NOT_FOUND when there is no such demo payer; PARAM_ERROR outside the sandbox */
  async demoUser(userId: string): Promise<string> {
    if (this.options.sandbox) return (await this.demoPayers.byUserId(userId)).userId;
    throw new Refusal('PARAM_ERROR', { field: 'demo_user_id', rule: 'is for the sandbox only' });
  }
}
