import { BATCH_COMMANDS_MAX } from '../domain/decide.js';
import type { HoldState } from '../domain/hold.js';
import { NOTHING_RARE, type RareChanges, type RareState } from '../domain/rare-state.js';
import type { VelocityLimit } from '../domain/velocity.js';
import type { Question, RareNeeds, RareSnapshot } from './ledger-store.js';

/** Bounds memory, not correctness: some megabytes. Far more than one batch can name. */
const CACHED_HOLDS_MAX = 50_000;
const CACHED_SUBJECTS_MAX = 20_000;

/** Which open holds are due is known up to some moment; before the epoch, it is not known at all. */
const NEVER_LOOKED = new Date(0);

/** What few commands look at, as it stands at one chain head. Like the accounts, never an authority. */
export class RareCache {
  /** Null: there is none of that name. Oldest use first. */
  private readonly holds = new Map<string, HoldState | null>();
  private readonly subjects = new Map<string, readonly VelocityLimit[] | null>();
  /** These two are good for one batch. */
  private originals: RareState['originals'] = NOTHING_RARE.originals;
  private standing = new Map<string, readonly HoldState[]>();
  private readonly wanted = new Set<string>();
  private dueNow: readonly HoldState[] = [];
  /** No other open hold is due before this; null: none ever is. */
  private nextExpiryAt: Date | null = NEVER_LOOKED;

  /** Open holds that were due when that was last looked up. */
  get due(): readonly HoldState[] {
    return this.dueNow;
  }

  drop(): void {
    this.holds.clear();
    this.subjects.clear();
    this.forgetBatch();
    this.dueNow = [];
    this.nextExpiryAt = NEVER_LOOKED;
  }

  /** The next look at the database shall list the open holds of these accounts. */
  want(accounts: readonly string[]): void {
    for (const account of accounts) this.wanted.add(account);
  }

  /** What must be read before a batch with these needs can be decided at this time; undefined when nothing. */
  missing(needs: readonly RareNeeds[], at: Date): Pick<Question, 'rare' | 'standing'> | undefined {
    forgetDown(this.holds, CACHED_HOLDS_MAX);
    forgetDown(this.subjects, CACHED_SUBJECTS_MAX);
    const holds = absent(needs, 'holds', this.holds);
    const subjects = absent(needs, 'subjects', this.subjects);
    const originals = absent(needs, 'originals', this.originals);
    const standing = [...this.wanted].filter((account) => !this.standing.has(account));
    // What does not fit one look is looked up when this much has expired.
    const isDue =
      this.dueNow.length < BATCH_COMMANDS_MAX &&
      this.nextExpiryAt !== null &&
      this.nextExpiryAt <= at;
    if (!isDue && holds.length + subjects.length + originals.length + standing.length === 0) {
      return undefined;
    }
    return { rare: { holds, subjects, originals }, standing };
  }

  learn({ rare: asked, standing }: Question, found: RareSnapshot): void {
    for (const id of asked.holds) this.holds.set(id, null);
    for (const hold of found.holds) this.holds.set(hold.id, hold);
    for (const hold of found.due) this.holds.set(hold.id, hold);
    for (const subject of asked.subjects) this.subjects.set(subject, null);
    for (const [subject, limits] of found.subjects) this.subjects.set(subject, limits);
    const none = asked.originals.map((id) => [id, { transfers: [] }] as const);
    this.originals = new Map([...this.originals, ...none, ...found.originals]);
    for (const account of standing) this.standing.set(account, found.standing.get(account) ?? []);
    this.dueNow = found.due;
    this.nextExpiryAt = found.nextExpiryAt;
  }

  /** What a batch with these needs looks at. */
  pick(needs: readonly RareNeeds[]): RareState {
    if (needs.length === 0 && this.dueNow.length === 0 && this.standing.size === 0) {
      return NOTHING_RARE;
    }
    const ids = [...needs.flatMap((need) => need.holds), ...this.dueNow.map((hold) => hold.id)];
    const names = needs.flatMap((need) => need.subjects);
    return {
      holds: pick(this.holds, ids),
      subjects: pick(this.subjects, names),
      originals: this.originals,
      standing: this.standing,
    };
  }

  /** Accounts that what is known about these needs speaks of, and those of the holds that are due. */
  accountsOf(needs: readonly RareNeeds[]): string[] {
    const accounts = this.dueNow.map((hold) => hold.account);
    for (const need of needs) {
      for (const id of need.holds) accounts.push(...listed(this.holds.get(id)?.account));
      for (const id of need.originals) {
        const transfers = this.originals.get(id)?.transfers ?? [];
        accounts.push(...transfers.flatMap(({ debit, credit }) => [debit, credit]));
      }
    }
    return accounts;
  }

  advance({ holds, subjects }: RareChanges): void {
    for (const [id, hold] of holds) {
      this.holds.set(id, hold);
      if (hold.condition === 'open') this.expectExpiry(hold.expiresAt);
    }
    for (const [subject, limits] of subjects) {
      this.subjects.set(subject, limits.length === 0 ? null : limits);
    }
    this.dueNow = this.dueNow.filter((hold) => !holds.has(hold.id));
    this.forgetBatch();
  }

  private expectExpiry(at: Date | null): void {
    if (at === null) return;
    if (this.nextExpiryAt === null || at < this.nextExpiryAt) this.nextExpiryAt = at;
  }

  private forgetBatch(): void {
    if (this.originals.size > 0) this.originals = NOTHING_RARE.originals;
    if (this.standing.size > 0) this.standing = new Map();
    this.wanted.clear();
  }
}

function absent(
  needs: readonly RareNeeds[],
  kind: keyof RareNeeds,
  known: ReadonlyMap<string, unknown>,
): string[] {
  const names = new Set(needs.flatMap((need) => need[kind]));
  return [...names].filter((name) => !known.has(name));
}

/** They thereby become the last to be forgotten. */
function pick<T>(from: Map<string, T | null>, names: readonly string[]): Map<string, T> {
  const picked = new Map<string, T>();
  for (const name of names) {
    const value = from.get(name);
    if (value === undefined) continue;
    from.delete(name);
    from.set(name, value);
    if (value !== null) picked.set(name, value);
  }
  return picked;
}

function listed(value: string | undefined): string[] {
  return value === undefined ? [] : [value];
}

function forgetDown(cached: Map<string, unknown>, max: number): void {
  for (const name of cached.keys()) {
    if (cached.size <= max) return;
    cached.delete(name);
  }
}
