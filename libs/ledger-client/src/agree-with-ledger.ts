import {
  type Booking,
  BOOKINGS_MAX,
  type LedgerBookings,
  type LedgerCommandKind,
} from '@stuiver/contracts';
import { commandIdOf } from '@stuiver/ids';
import type { Clock, Log } from '@stuiver/ports';

/** Something that moved money, and must be booked once, with its amount. Its command's id is derived from kind and id. */
export interface MoneySaid {
  readonly kind: string;
  /** Of the attempt, refund, top-up or payout. */
  readonly id: string;
  readonly amountMinor: string;
  /** When it was so. Null: no longer known, it came back later. */
  readonly at: Date | null;
}

/** Port to what a service says moved money. */
export interface MoneySaidReads {
  /** Of each kind the first so many that are so since `from`, itself included, and not after `to`; by time. */
  since(from: Date, to: Date, limitOfEach: number): Promise<readonly MoneySaid[]>;
  /** Those of these that are so. */
  find(things: readonly Pick<MoneySaid, 'kind' | 'id'>[]): Promise<readonly MoneySaid[]>;
}

export interface Disagreement {
  readonly kind: string;
  readonly id: string;
  readonly reason: 'not-booked' | 'refused' | 'other-amount' | 'unknown-here';
}

/** A fact may be on its way to the ledger for so long. */
const GRACE_MS = 10 * 60_000;
/** One look goes so many pages far in each direction; the next one goes on from there. */
const PAGES_MAX = 20;
const PAGE_OF_EACH = 50;

/**
 * Compares what a service says moved money with what the ledger booked, and the reverse, from the first to the newest and then
 * on. What disagrees is looked at again each time, until it agrees.
 */
export class AgreeWithLedger {
  private readonly open = new Map<string, Disagreement>();
  private saidUntil = new Date(0);
  private bookedUntil = '0';

  constructor(
    private readonly said: MoneySaidReads,
    private readonly ledger: LedgerBookings,
    private readonly tools: {
      /** The commands that are the service's to give, each about one thing of its own. */
      kinds: readonly LedgerCommandKind[];
      /** As it is told in the log. */
      service: string;
      clock: Clock;
      log: Log;
    },
  ) {}

  /** @returns what disagrees, as far as was looked. @throws LedgerUnavailable */
  async run(): Promise<readonly Disagreement[]> {
    const settled = new Date(this.tools.clock.now().getTime() - GRACE_MS);
    await this.lookAgain();
    await this.followSaid(settled);
    await this.followBooked(settled);
    return [...this.open.values()];
  }

  private async lookAgain(): Promise<void> {
    const things = [...this.open.values()].slice(0, BOOKINGS_MAX);
    if (things.length === 0) return;
    await this.compare(things);
  }

  private async followSaid(settled: Date): Promise<void> {
    for (let page = 0; page < PAGES_MAX && this.saidUntil < settled; page += 1) {
      const found = await this.said.since(this.saidUntil, settled, PAGE_OF_EACH);
      await this.compare(found);
      this.saidUntil = nextFrom(found, this.saidUntil, settled);
    }
  }

  private async followBooked(settled: Date): Promise<void> {
    for (let page = 0; page < PAGES_MAX; page += 1) {
      const { bookings, next } = await this.ledger.bookingsOf(this.tools.kinds, this.bookedUntil);
      const isFresh = bookings.some(({ bookedAt }) => new Date(bookedAt) > settled);
      const old = bookings.filter(({ bookedAt }) => new Date(bookedAt) <= settled);
      await this.compare(old.map(({ kind, subject }) => ({ kind, id: subject ?? '' })));
      // A page that is still settling is read again, and so is the last one.
      if (isFresh || next === null) return;
      this.bookedUntil = next;
    }
  }

  /** Both sides of each thing are asked anew: what was read first may have changed. */
  private async compare(things: readonly Pick<MoneySaid, 'kind' | 'id'>[]): Promise<void> {
    if (things.length === 0) return;
    const byId = new Map(things.map((thing) => [commandIdOf(thing.kind, thing.id), thing]));
    const said = new Map(
      (await this.said.find([...byId.values()])).map((fact) => [
        ...([commandIdOf(fact.kind, fact.id), fact] as const),
      ]),
    );
    const booked = new Map(
      (await this.ledger.bookings([...byId.keys()])).map((booking) => [booking.commandId, booking]),
    );
    for (const [commandId, thing] of byId) {
      const reason = reasonOf(said.get(commandId), booked.get(commandId));
      const { kind, id } = thing;
      this.keep(commandId, reason === undefined ? undefined : { kind, id, reason });
    }
  }

  private keep(commandId: string, found: Disagreement | undefined): void {
    const { log, service } = this.tools;
    const before = this.open.get(commandId);
    if (found === undefined) {
      if (this.open.delete(commandId))
        log.info(`${service} and ledger agree again`, { id: commandId });
      return;
    }
    const { kind, id, reason } = found;
    if (before?.reason !== reason)
      log.error(`${service} and ledger disagree`, { kind, id, reason });
    this.open.set(commandId, found);
  }
}

function reasonOf(
  said: MoneySaid | undefined,
  booked: Booking | undefined,
): Disagreement['reason'] | undefined {
  const isBooked = booked?.outcome === 'posted';
  if (said === undefined) return isBooked ? 'unknown-here' : undefined;
  if (booked === undefined) return 'not-booked';
  if (!isBooked) return 'refused';
  return booked.amountMinor === said.amountMinor ? undefined : 'other-amount';
}

/** Where the next page begins: what has the same time as the last is looked at again. */
function nextFrom(found: readonly MoneySaid[], from: Date, to: Date): Date {
  const counts = new Map<string, { count: number; last: Date }>();
  for (const { kind, at } of found) {
    if (at === null) continue;
    counts.set(kind, { count: (counts.get(kind)?.count ?? 0) + 1, last: at });
  }
  const full = [...counts.values()].filter(({ count }) => count >= PAGE_OF_EACH);
  const ends = full.map(({ last }) => last.getTime());
  if (ends.length === 0) return to;
  const first = Math.min(...ends);
  // A whole page of one moment: on, or this would never end.
  return new Date(first > from.getTime() ? first : first + 1);
}
