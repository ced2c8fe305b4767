/** A message to one person. All of it is personal data. */
export interface Mail {
  readonly to: string;
  readonly subject: string;
  /** Plain text. */
  readonly text: string;
}

export interface OwedMail extends Mail {
  /** Says what it is about, such as `staff-invitation/stf_…`: the same cause never makes two mails. */
  readonly dedupeKey: string;
}

/** Writes down a mail in the transaction of its cause; it is sent afterwards. */
export interface MailWrites {
  oweMail(mail: OwedMail): Promise<void>;
}

export interface DueMail {
  /** Also its Message-ID, so a mail that was sent twice is recognised as one. */
  readonly id: string;
  readonly tries: number;
  /** @throws Error when it cannot be unsealed. */
  read(): Promise<Mail>;
}

/** Mails that are owed, sent and given up. */
export interface MailBook {
  /** Due mails, oldest first; due again at the end of the lease, should the process die. */
  take(take: { now: Date; limit: number; leaseUntil: Date }): Promise<readonly DueMail[]>;
  saveSent(id: string, at: Date): Promise<void>;
  /** @param next  null: no more tries. */
  saveFailed(id: string, failure: { at: Date; next: Date | null; problem: string }): Promise<void>;
  /** Forgets addresses and texts of what was sent or given up; that it was remains. */
  forgetTexts(createdBefore: Date): Promise<void>;
}

/** Hands a mail to whoever delivers it. */
export interface MailTransport {
  /** @throws Error when it was not taken. */
  send(message: Mail & { readonly id: string }): Promise<void>;
}
