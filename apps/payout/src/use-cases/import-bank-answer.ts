import { createHash } from 'node:crypto';
import type { Clock, CrashPoints } from '@stuiver/ports';
import type { BookRecorded } from './book-recorded.js';
import { rejectionOf } from './intents.js';
import type { Intent, MoneyOfPayout } from './recon-ports.js';

/** What the bank says about one payment. */
export interface AnswerRead {
  readonly status: string;
  readonly reasonCode: string | null;
}

/** The bank's answer to a file of ours, as its message tells it. */
export interface AnswersRead {
  readonly createdAt: Date;
  readonly originalMessageId: string;
  /** What holds for each payment that is not named. */
  readonly group: AnswerRead | null;
  readonly payments: readonly (AnswerRead & { readonly endToEndId: string })[];
}

export interface KeptAnswer extends AnswerRead {
  readonly payoutId: string;
  readonly endToEndId: string;
  /** Why it cannot be true; null when it can. */
  readonly problem: string | null;
}

export interface AnswerStore {
  ofFile(sha256: string): Promise<readonly KeptAnswer[]>;
  /**
   * The file, what it says of each payout, and what follows from a rejection: all or nothing, and once.
   *
   * @throws Refusal PARAM_ERROR when it answers no file of ours, or names a payment that is not in it.
   */
  importFile(
    file: { sha256: string; content: Uint8Array; by: string; at: Date },
    answers: AnswersRead,
    rejectionOf: (payout: MoneyOfPayout, code: string) => Intent,
  ): Promise<void>;
}

/** ISO: "reason not specified by the bank". */
const NO_REASON = 'MS03';

/**
 * Takes the bank's answer to a payment file (pain.002): what it rejects is the merchant's again at once, what it takes
 * and whether the payee's name fits is kept, and what contradicts a statement is for a person.
 */
export class ImportBankAnswer {
  constructor(
    private readonly store: AnswerStore,
    private readonly book: BookRecorded,
    private readonly tools: {
      /** @throws Refusal PARAM_ERROR naming element and rule. */
      read: (xml: Uint8Array) => AnswersRead;
      clock: Clock;
      crash: CrashPoints;
      wake: () => void;
    },
  ) {}

  /** @throws Refusal PARAM_ERROR; LedgerUnavailable when it is kept and not booked yet. */
  async run(file: {
    content: Uint8Array;
    by: string;
  }): Promise<{ answers: readonly KeptAnswer[]; repeated: boolean }> {
    const sha256 = createHash('sha256').update(file.content).digest('hex');
    const before = await this.store.ofFile(sha256);
    if (before.length > 0) return { answers: before, repeated: true };
    const at = this.tools.clock.now();
    const answers = this.tools.read(file.content);
    await this.store.importFile({ ...file, sha256, at }, answers, (payout, code) =>
      rejectionOf(payout, code === '' ? NO_REASON : code, at),
    );
    this.tools.crash.pass('payout.bank-answer-imported');
    this.tools.wake();
    await this.book.run();
    return { answers: await this.store.ofFile(sha256), repeated: false };
  }
}
