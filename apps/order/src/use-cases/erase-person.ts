import { type LedgerCommandOf, type LedgerPort, type LedgerResult } from '@stuiver/contracts';
import { Refusal } from '@stuiver/errors';
import { commandIdOf, newUuid } from '@stuiver/ids';
import { Money } from '@stuiver/money';
import type { Clock, CrashPoints, Log, Random } from '@stuiver/ports';

export interface Erasure {
  readonly userId: string;
  readonly id: string;
  readonly begunAt: Date;
  /** Null: under way, and nobody is let in as this person. */
  readonly erasedAt: Date | null;
}

/** Port to schema `people`. */
export interface ErasureStore {
  erasure(userId: string): Promise<Erasure | undefined>;
  unfinishedErasures(limit: number): Promise<readonly string[]>;
  /** Shuts the person out. Of two at once the first one stays. @returns undefined when there is no such person. */
  beginErasure(erasure: Omit<Erasure, 'erasedAt'>): Promise<Erasure | undefined>;
  /** Lets the person in again. */
  cancelErasure(erasure: Erasure): Promise<void>;
  /** Removes all there is of the person, key included, and says so for ever: one transaction. */
  finishErasure(erasure: Erasure, erasedAt: Date): Promise<void>;
}

/** How many of each still move the person's money. */
export interface InFlight {
  readonly payments: number;
  readonly refunds: number;
  readonly topUps: number;
}

/** Port to what schema `orders` keeps of a payer. */
export interface PayerTraces {
  inFlight(userId: string): Promise<InFlight>;
  /** Removes what is sealed under their key, where they were, and what they could have signed in with. Repeatable. */
  forget(userId: string): Promise<void>;
}

/**
 * Erases a payer: who they are, their key, and everything that opens with it. The books keep ids, amounts and hashes.
 *
 * Each step may be repeated, and one that died in the middle is carried on by whoever looks next. What decides is the
 * ledger: it closes the wallet only when nothing is in it, and then nothing comes in again.
 */
export class ErasePerson {
  constructor(
    private readonly people: ErasureStore,
    private readonly traces: PayerTraces,
    private readonly ledger: Pick<LedgerPort, 'submit' | 'void' | 'account'>,
    private readonly tools: { clock: Clock; random: Random; crash: CrashPoints; log: Log },
  ) {}

  /**
   * @returns when it was done; `now` false when that was before.
   * @throws Refusal NOT_FOUND; STATE_CONFLICT saying what money they still have here; LedgerUnavailable: carried on later.
   */
  async run(userId: string): Promise<{ erasedAt: Date; now: boolean }> {
    const { clock, crash, log } = this.tools;
    const erasure = (await this.people.erasure(userId)) ?? (await this.begin(userId));
    if (erasure.erasedAt !== null) return { erasedAt: erasure.erasedAt, now: false };
    crash.pass('erasure.begun');
    await this.closeWallet(erasure);
    crash.pass('erasure.wallet-closed');
    await this.traces.forget(userId);
    crash.pass('erasure.traces-forgotten');
    const erasedAt = clock.now();
    await this.people.finishErasure(erasure, erasedAt);
    log.info('a person was erased', { id: erasure.id });
    return { erasedAt, now: true };
  }

  private async begin(userId: string): Promise<Erasure> {
    const { clock, random } = this.tools;
    const id = newUuid(random);
    const erasure = await this.people.beginErasure({ userId, id, begunAt: clock.now() });
    if (erasure !== undefined) return erasure;
    throw new Refusal('NOT_FOUND', { field: 'user_id', value: userId });
  }

  /** Nobody is let in any more, so nothing new begins; what began before is looked for first. */
  private async closeWallet(erasure: Erasure): Promise<void> {
    const command = closing(erasure);
    const moving = wordsOf(await this.traces.inFlight(erasure.userId));
    // A try before this one may have closed it. If not, it never will: the id is used up.
    const result =
      moving === '' ? await this.ledger.submit(command) : await this.ledger.void(command.id);
    if (isClosed(result)) return;
    const rule = moving === '' ? await this.balanceWords(erasure.userId) : moving;
    await this.people.cancelErasure(erasure);
    throw new Refusal('STATE_CONFLICT', {
      ...{ field: 'user_id', value: erasure.userId },
      rule: `must have no money here or on its way: ${rule}`,
    });
  }

  private async balanceWords(userId: string): Promise<string> {
    const account = await this.ledger.account(walletOf(userId));
    if (account === null) return 'the wallet was in use a moment ago: try again';
    const { currency, balanceMinor, heldMinor } = account;
    const words = (minor: string): string =>
      `${currency} ${Money.ofMinor(BigInt(minor), currency).toMajorText()}`;
    const held = heldMinor === '0' ? '' : `, of which ${words(heldMinor)} is held`;
    return `${words(balanceMinor)} in the wallet${held}`;
  }
}

function walletOf(userId: string): string {
  return `user:${userId}:wallet`;
}

function closing({ id, userId, begunAt }: Erasure): LedgerCommandOf<'account-set'> {
  return {
    ...{ kind: 'account-set', id: commandIdOf('erasure', id), account: walletOf(userId) },
    ...{ effectiveAt: begunAt.toISOString(), currency: 'EUR', state: 'closed' },
  };
}

/** Closed is for ever, whoever closed it. */
function isClosed(result: LedgerResult): boolean {
  return result.outcome === 'posted' || result.code === 'ACCOUNT_CLOSED';
}

function wordsOf({ payments, refunds, topUps }: InFlight): string {
  const parts = [
    count(payments, 'payment'),
    count(refunds, 'refund to them'),
    count(topUps, 'top-up'),
  ];
  return parts.filter((part) => part !== '').join(', ');
}

function count(many: number, what: string): string {
  return many === 0 ? '' : `${what}: ${String(many)}`;
}
