import { z } from 'zod';
import { Refusal } from '@stuiver/errors';

export interface DemoPayer {
  readonly userId: string;
  readonly name: string;
  readonly pin: string;
}

const DemoFile = z.array(z.object({ user_id: z.string(), name: z.string(), pin: z.string() }));

/** The payers whom a developer may play, sandbox only. */
export class DemoPayers {
  /** @param read  the demo file's text, or null while there is none. */
  constructor(private readonly read: () => Promise<string | null>) {}

  async all(): Promise<readonly DemoPayer[]> {
    const text = await this.read();
    if (text === null) return [];
    return DemoFile.parse(JSON.parse(text)).map(({ user_id: userId, name, pin }) => ({
      ...{ userId, name, pin },
    }));
  }

  /** @throws Refusal NOT_FOUND */
  async byUserId(userId: string): Promise<DemoPayer> {
    const payer = (await this.all()).find((one) => one.userId === userId);
    if (payer === undefined) throw new Refusal('NOT_FOUND', { rule: 'must be a demo payer' });
    return payer;
  }
}
