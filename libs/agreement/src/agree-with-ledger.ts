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
  readonly commandId: string;
  readonly kind: string;
  readonly id: string;
  readonly reason: 'not-booked' | 'refused' | 'other-amount' | 'unknown-here' | 'booked-twice';
}

/** One that is new, has another reason, or is over: null. */
export interface Change extends Omit<Disagreement, 'reason'> {
  readonly reason: Disagreement['reason'] | null;
}

/** How far was looked, on either side. */
export interface Place {
  readonly saidUntil: Date;
  /** As the ledger counts its bookings. */
  readonly bookedUntil: string;
}

/** Port to what the last look left. */
export interface AgreementMemory {
  read(): Promise<Place & { readonly open: readonly Disagreement[] }>;
  /** All of it or nothing. A place that another process is past stays where it is; a change that is known is none. */
  keep(place: Place, changes: readonly Change[]): Promise<void>;
}

/** A fact may be on its way to the ledger for so long. */
const GRACE_MS = 10 * 60_000;
/** One look goes so many pages far in each direction; the next one goes on from there. */
const PAGES_MAX = 20;
const PAGE_OF_EACH = 50;

export interface AgreementTools {
  /** The commands that are the service's to give, each about one thing of its own. */
  readonly kinds: readonly LedgerCommandKind[];
  /** As it is told in the log. */
  readonly service: string;
  readonly memory: AgreementMemory;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Compares what a service says moved money with what the ledger booked, and the reverse, from the first to the newest and then
 * on. What disagrees is looked at again each time, until it agrees.
 */
export class AgreeWithLedger {
  constructor(
    private readonly said: MoneySaidReads,
    private readonly ledger: LedgerBookings,
    private readonly tools: AgreementTools,
  ) {}

  /** @returns what disagrees, as far as was looked. @throws LedgerUnavailable; then the next look begins where this one did. */
  async run(): Promise<readonly Disagreement[]> {
    const { memory, clock } = this.tools;
    const settled = new Date(clock.now().getTime() - GRACE_MS);
    const before = await memory.read();
    const look = new Look(this.said, this.ledger, { ...this.tools, ...before });
    await look.again();
    const place = {
      saidUntil: await look.followSaid(before.saidUntil, settled),
      bookedUntil: await look.followBooked(before.bookedUntil, settled),
    };
    await memory.keep(place, look.changes);
    this.tell(look.changes);
    return [...look.open.values()];
  }

  private tell(changes: readonly Change[]): void {
    const { log, service } = this.tools;
    for (const { commandId, kind, id, reason } of changes) {
      if (reason === null) log.info(`${service} and ledger agree again`, { id: commandId });
      else log.error(`${service} and ledger disagree`, { kind, id, reason });
    }
  }
}

type Thing = Pick<MoneySaid, 'kind' | 'id'>;

/** One look: what was open before it, and what changed. */
class Look {
  readonly open: Map<string, Disagreement>;
  private readonly changed = new Map<string, Change>();

  constructor(
    private readonly said: MoneySaidReads,
    private readonly ledger: LedgerBookings,
    private readonly tools: Pick<AgreementTools, 'kinds'> & { open: readonly Disagreement[] },
  ) {
    this.open = new Map(tools.open.map((one) => [one.commandId, one]));
  }

  get changes(): readonly Change[] {
    return [...this.changed.values()];
  }

  async again(): Promise<void> {
    const open = [...this.open.values()].slice(0, BOOKINGS_MAX);
    await this.compare(open.filter(isOwn));
    const foreign = open.filter((one) => !isOwn(one)).map(({ commandId }) => commandId);
    if (foreign.length > 0) this.judgeForeign(await this.ledger.bookings(foreign));
  }

  /** @returns how far it came. */
  async followSaid(from: Date, settled: Date): Promise<Date> {
    let until = from;
    for (let page = 0; page < PAGES_MAX && until < settled; page += 1) {
      const found = await this.said.since(until, settled, PAGE_OF_EACH);
      await this.compare(found);
      until = nextFrom(found, until, settled);
    }
    return until;
  }

  /** @returns how far it came. */
  async followBooked(from: string, settled: Date): Promise<string> {
    let until = from;
    for (let page = 0; page < PAGES_MAX; page += 1) {
      const { bookings, next } = await this.ledger.bookingsOf(this.tools.kinds, until);
      const isFresh = bookings.some(({ bookedAt }) => new Date(bookedAt) > settled);
      const old = bookings.filter(({ bookedAt }) => new Date(bookedAt) <= settled);
      await this.compare(old.map(thingOf));
      this.judgeForeign(old.filter((one) => !isOwn({ ...thingOf(one), commandId: one.commandId })));
      // A page that is still settling is read again, and so is the last one.
      if (isFresh || next === null) return until;
      until = next;
    }
    return until;
  }

  /** Both sides of each thing are asked anew: what was read first may have changed. */
  private async compare(things: readonly Thing[]): Promise<void> {
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
    for (const [commandId, { kind, id }] of byId) {
      const reason = reasonOf(said.get(commandId), booked.get(commandId));
      this.found({ commandId, kind, id, reason });
    }
  }

  /** A thing is booked under the id that follows from it; under any other it is booked a second time, until that is reversed. */
  private judgeForeign(bookings: readonly Booking[]): void {
    for (const booking of bookings) {
      const isOver = booking.outcome === 'refused' || booking.isReversed;
      const reason = isOver ? null : 'booked-twice';
      this.found({ commandId: booking.commandId, ...thingOf(booking), reason });
    }
  }

  private found(change: Change): void {
    const { commandId, reason } = change;
    if ((this.open.get(commandId)?.reason ?? null) === reason) return;
    this.changed.set(commandId, change);
    if (reason === null) this.open.delete(commandId);
    else this.open.set(commandId, { ...change, reason });
  }
}

const isOwn = ({ commandId, kind, id }: Thing & { readonly commandId: string }): boolean =>
  commandId === commandIdOf(kind, id);

const thingOf = ({ kind, subject }: Booking): Thing => ({ kind, id: subject ?? '' });

function reasonOf(
  said: MoneySaid | undefined,
  booked: Booking | undefined,
): Disagreement['reason'] | null {
  const isBooked = booked?.outcome === 'posted';
  if (said === undefined) return isBooked ? 'unknown-here' : null;
  if (booked === undefined) return 'not-booked';
  if (!isBooked) return 'refused';
  return booked.amountMinor === said.amountMinor ? null : 'other-amount';
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
