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
  insertSession(session: NewSession): Promise<void>;
  setPin(pin: PinHash & { userId: string; at: Date }): Promise<void>;
  /** Under lock until the transaction ends, so guesses are counted one by one. */
  lockPin(userId: string): Promise<StoredPin | undefined>;
  saveTries(userId: string, tries: { wrongTries: number; lockedUntil: Date | null }): Promise<void>;
  setRecovery(recovery: { userId: string; codeSha256: Uint8Array; at: Date }): Promise<void>;
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
  userOfSession(tokenSha256: Uint8Array, now: Date): Promise<string | undefined>;
  userOfRecovery(codeSha256: Uint8Array): Promise<string | undefined>;
  forgetSession(tokenSha256: Uint8Array): Promise<void>;
  forgetSessions(expiredBefore: Date): Promise<void>;
}
