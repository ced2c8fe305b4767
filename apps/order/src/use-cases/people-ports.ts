/** What is known of a person. The name is personal data: it leaves this service to its owner only. */
export interface Person {
  readonly userId: string;
  readonly guest: boolean;
  readonly nameSealed: Uint8Array | null;
  readonly hasPin: boolean;
}

export interface PinHash {
  readonly salt: Uint8Array;
  readonly hash: Uint8Array;
}

export interface StoredPin extends PinHash {
  readonly wrongTries: number;
  readonly lockedUntil: Date | null;
}

/** What may be written about a person inside one transaction. */
export interface PeopleWrites {
  insertGuest(person: { userId: string; createdAt: Date }): Promise<void>;
  /** False when the person is no guest (any more). */
  keep(person: { userId: string; nameSealed: Uint8Array; at: Date }): Promise<boolean>;
  /** False when there is no such person, or they are being erased. */
  insertSession(session: NewSession): Promise<boolean>;
  setPin(pin: PinHash & { userId: string; at: Date }): Promise<void>;
  /** Under lock until the transaction ends, so guesses are counted one by one. */
  lockPin(userId: string): Promise<StoredPin | undefined>;
  saveTries(userId: string, tries: { wrongTries: number; lockedUntil: Date | null }): Promise<void>;
  /** False when there is one already, or the person is being erased. */
  insertPersonKey(key: NewPersonKey): Promise<boolean>;
  setRecovery(recovery: { userId: string; codeSha256: Uint8Array; at: Date }): Promise<void>;
}

export interface NewPersonKey {
  readonly userId: string;
  readonly keySealed: Uint8Array;
  readonly createdAt: Date;
}

export interface NewSession {
  readonly tokenSha256: Uint8Array;
  readonly userId: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

/** The only home of payers' personal data. */
export interface PeopleStore {
  run<T>(work: (writes: PeopleWrites) => Promise<T>): Promise<T>;
  person(userId: string): Promise<Person | undefined>;
  /** As the key store sealed it; undefined when there is none, or the person is being erased. */
  personKey(userId: string): Promise<Uint8Array | undefined>;
  userOfSession(tokenSha256: Uint8Array, now: Date): Promise<string | undefined>;
  userOfRecovery(codeSha256: Uint8Array): Promise<string | undefined>;
  forgetSession(tokenSha256: Uint8Array): Promise<void>;
  forgetSessions(expiredBefore: Date): Promise<void>;
}
