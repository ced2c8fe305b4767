import { invariant } from '@stuiver/errors';
import type { AccountState } from '../domain/chart-of-accounts.js';
import type { Head } from './ledger-store.js';

/** Bounds memory, not correctness: about 20 MB. Far more than one batch can name. */
const CACHED_ACCOUNTS_MAX = 50_000;

/**
 * Accounts as they stand at one chain head. Never an authority: a batch decided on it is written only if that head
 * has not moved, which is to say if nobody else wrote.
 */
export class AccountCache {
  /** Null: at this head there is no such account. Oldest use first. */
  private readonly accounts = new Map<string, AccountState | null>();
  private at: Head | undefined;

  get head(): Head | undefined {
    return this.at;
  }

  drop(): void {
    this.accounts.clear();
    this.at = undefined;
  }

  /**
   * Of a batch's accounts, those that must be read before it can be decided. What is too much is forgotten here, before
   * the answer, and nowhere else: an account that is not missing stays until the batch is decided.
   */
  missing(codes: Iterable<string>): string[] {
    this.forget();
    const missing = new Set<string>();
    for (const code of codes) if (!this.accounts.has(code)) missing.add(code);
    return [...missing];
  }

  /** Takes over what was read at `head`: of the codes asked for, those not found do not exist. */
  learn(head: Head, asked: readonly string[], found: readonly AccountState[]): void {
    this.at = head;
    for (const code of asked) this.accounts.set(code, null);
    for (const account of found) this.accounts.set(account.code, account);
  }

  /** After our own batch was committed. */
  advance(head: Head, changed: ReadonlyMap<string, AccountState>): void {
    this.at = head;
    for (const [code, account] of changed) this.accounts.set(code, account);
  }

  /** The accounts of one batch, which thereby become the last to be forgotten. */
  pick(codes: Iterable<string>): Map<string, AccountState> {
    const picked = new Map<string, AccountState>();
    for (const code of codes) {
      if (picked.has(code)) continue;
      const account = this.accounts.get(code);
      // Taking an account for one that does not exist would refuse an ask for ever.
      invariant(account !== undefined, 'every account of a batch was looked up');
      this.accounts.delete(code);
      this.accounts.set(code, account);
      if (account !== null) picked.set(code, account);
    }
    return picked;
  }

  private forget(): void {
    for (const code of this.accounts.keys()) {
      if (this.accounts.size <= CACHED_ACCOUNTS_MAX) return;
      this.accounts.delete(code);
    }
  }
}
