import { Refusal } from '@stuiver/errors';
import type { KeyStore } from '@stuiver/ports';
import type { PeopleStore } from './people-ports.js';

export interface ShownPerson {
  readonly userId: string;
  readonly name: string | null;
  readonly guest: boolean;
  readonly hasPin: boolean;
}

/** A person as they see themselves. */
export class FindPerson {
  constructor(
    private readonly people: Pick<PeopleStore, 'person'>,
    private readonly keys: Pick<KeyStore, 'open'>,
  ) {}

  async run(userId: string): Promise<ShownPerson> {
    const person = await this.people.person(userId);
    // Erased since the session was looked at.
    if (person === undefined) throw new Refusal('NOT_SIGNED_IN', { field: 'session' });
    const { guest, hasPin, nameSealed } = person;
    if (nameSealed === null) return { userId, name: null, guest, hasPin };
    const name = Buffer.from(await this.keys.open(`person:${userId}`, nameSealed)).toString();
    return { userId, name, guest, hasPin };
  }
}
