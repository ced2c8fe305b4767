import { eventually, type OwnDatabase, type OwnServer } from '@stuiver/testing';
import { seeded } from '../support/seeded.js';
import { type Fault, type FaultKind, type Heard, Member, type Order } from './member.js';

/** When the simulator's worlds begin, in ms. */
const STARTS_AT = Date.parse('2026-11-23T10:00:00.000Z');
/** In turn, so that a short story has them all; few stops, as each takes so long. */
const TURNS: readonly FaultKind[] = [
  ...(['kill-service', 'kill-server', 'stop', 'kill-backend'] as const),
  ...(['kill-service', 'kill-server', 'kill-service', 'kill-backend'] as const),
];
const AT_MAX = 24;
const PHASE_MS_MAX = 120_000;
/** Seeds that one fault may use up. */
const SEEDS_PER_FAULT = 16;

export interface StoryPlan {
  readonly seed: number;
  readonly members: number;
  /** How many faults, one after the other. */
  readonly faults: number;
  /** Of each caller, between two faults. */
  readonly commands: number;
  /** How long one that is stopped stands still, at least. */
  readonly stoppedMs: number;
}

export interface FaultTold {
  readonly kind: FaultKind;
  /** Whether the one it befell, or in whose statement it came, was the one that writes. */
  readonly toWriter: boolean;
  /** Until all callers had their answers, from the first of their commands on. */
  readonly ms: number;
  /** From the stop of the writer until another one had its lock. */
  readonly tookOverMs?: number;
}

export interface Told {
  readonly heard: readonly Heard[];
  readonly faults: readonly FaultTold[];
}

/** Several ledgers of the same books on a server that may be killed; one fault after the other while callers call. */
export class Story {
  private readonly heard: Heard[] = [];
  private readonly faults: FaultTold[] = [];
  private readonly chance: ReturnType<typeof seeded>;
  private members: Member[] = [];
  private orders = new Map<Member, Order>();
  /** How many orders each is to carry out in all. */
  private readonly wanted = new Map<Member, number>();
  private hasMet = false;
  /** @returns how long the take-over took, if there was one. In ms. */
  private handling: Promise<number | undefined> = Promise.resolve(undefined);
  private failure: Error | undefined;

  constructor(
    private readonly plan: StoryPlan,
    private readonly server: OwnServer,
    private readonly database: OwnDatabase,
  ) {
    this.chance = seeded(plan.seed);
  }

  async tell(): Promise<Told> {
    const { server, database, plan } = this;
    try {
      for (let count = 0; count < plan.members; count += 1) {
        this.members.push(
          await Member.start({
            ...{ database, pidFile: server.pidFile },
            hear: (heard) => this.heard.push(heard),
            meet: (kind, member) => {
              this.handling = this.answerTo(kind, member);
              this.handling.catch((error: unknown) => {
                this.failure ??= error instanceof Error ? error : new Error(String(error));
              });
              this.hasMet = true;
            },
          }),
        );
      }
      await eventually('one of them writes', () => this.writer(), PHASE_MS_MAX);
      for (let phase = 0; phase < plan.faults; phase += 1) await this.phase(phase);
      return { heard: this.heard, faults: this.faults };
    } finally {
      await Promise.all(this.members.map((member) => member.kill()));
    }
  }

  /** All callers tell their stories; meanwhile something befalls one of the ledgers. */
  private async phase(phase: number): Promise<void> {
    const fault = this.fault(phase);
    const writer = await eventually('one of them writes', () => this.writer(), PHASE_MS_MAX);
    const others = this.members.filter((member) => member !== writer);
    const target =
      others.length > 0 && this.chance.below(3) === 0 ? this.chance.pick(others) : writer;
    const startsAt = await this.now();
    const first = this.plan.seed + phase * SEEDS_PER_FAULT;
    const begun = performance.now();
    this.hasMet = false;
    for (const [index, member] of this.members.entries()) {
      const { commands } = this.plan;
      // One story is told by all of them: whatever it says, each gets the same answers.
      const worlds = [first, first + 1 + index].map((seed) => ({ seed, commands }));
      this.give(member, { worlds, startsAt, fault: member === target ? fault : null });
    }
    await eventually('the fault is met', () => this.look(this.hasMet), PHASE_MS_MAX);
    const tookOverMs = await this.handling;
    await eventually('everybody has an answer', () => this.look(this.isTold()), PHASE_MS_MAX);
    this.faults.push({
      ...{ kind: fault.kind, toWriter: target === writer },
      ms: Math.round(performance.now() - begun),
      ...(tookOverMs === undefined ? {} : { tookOverMs }),
    });
  }

  /** Nobody takes over from one that is alone. */
  private fault(phase: number): Fault {
    const turn = TURNS[phase % TURNS.length] ?? 'kill-service';
    const kind = turn === 'stop' && this.plan.members === 1 ? 'kill-server' : turn;
    return { kind, at: 1 + this.chance.below(AT_MAX), isSent: this.chance.below(2) === 0 };
  }

  private give(member: Member, order: Order): void {
    this.orders.set(member, order);
    this.wanted.set(member, (this.wanted.get(member) ?? 0) + 1);
    member.give(order);
  }

  private isTold(): boolean {
    return this.members.every((member) => member.toldCount >= (this.wanted.get(member) ?? 0));
  }

  private look(isSo: boolean): boolean {
    for (const member of this.members) member.needAlive();
    if (this.failure !== undefined) throw this.failure;
    return isSo;
  }

  private async answerTo(kind: FaultKind, member: Member): Promise<number | undefined> {
    const begun = performance.now();
    if (kind === 'kill-server') await this.server.startAgain();
    if (kind === 'kill-service') await this.startAgain(member);
    return kind === 'stop' ? this.outlast(member, begun) : undefined;
  }

  /** Its callers say everything again. */
  private async startAgain(member: Member): Promise<void> {
    await member.startAgain();
    const order = this.orders.get(member);
    if (order === undefined) return;
    this.wanted.set(member, member.toldCount + 1);
    member.give({ ...order, fault: null });
  }

  /** The others are asked on; one of them takes over; then it wakes. */
  private async outlast(stopped: Member, begun: number): Promise<number | undefined> {
    let tookOverMs: number | undefined;
    const toWriter = (await this.holder()) === stopped.address;
    const others = this.members.filter((member) => member !== stopped);
    const startsAt = await this.now();
    const isTold = (): boolean =>
      others.every((member) => member.toldCount >= (this.wanted.get(member) ?? 0));
    this.askOn(others, startsAt);
    if (toWriter) {
      const isTaken = async (): Promise<boolean> => {
        if (await this.isTaken(stopped)) return true;
        // One that did not know yet who writes has booked it all itself: only who asks the writer can doubt it.
        if (isTold()) this.askOn(others, startsAt);
        return false;
      };
      await eventually('another one takes over', isTaken, PHASE_MS_MAX);
      tookOverMs = Math.round(performance.now() - begun);
    }
    const { stoppedMs } = this.plan;
    await eventually('the others are answered', () => this.look(isTold()), PHASE_MS_MAX);
    const isOver = (): boolean => performance.now() - begun >= stoppedMs;
    await eventually('it stood still long enough', isOver, stoppedMs + PHASE_MS_MAX);
    stopped.wake();
    return tookOverMs;
  }

  /** The same again, when they were asked before. */
  private askOn(members: readonly Member[], startsAt: number): void {
    const { seed, commands } = this.plan;
    for (const [index, member] of members.entries()) {
      const fresh = seed + (this.faults.length + 1) * SEEDS_PER_FAULT - 1 - index;
      this.give(member, { worlds: [{ seed: fresh, commands }], startsAt, fault: null });
    }
  }

  private async isTaken(from: Member): Promise<boolean> {
    const holder = await this.holder();
    return holder !== undefined && holder !== from.address;
  }

  private async writer(): Promise<Member | undefined> {
    const holder = await this.holder();
    return this.members.find(({ address }) => address === holder);
  }

  /** Address of the one that has the writer's lock, and says so. */
  private async holder(): Promise<string | undefined> {
    const rows = await this.database
      .ask<{ address: string }>(
        `select w.address from ledger.writer w
           join pg_locks l on l.locktype = 'advisory' and l.granted and l.classid = 7316 and l.objid = 1
            and l.database = (select oid from pg_database where datname = current_database())
           join pg_stat_activity a on a.pid = l.pid and w.address like '%:' || split_part(a.application_name, ' ', 2)`,
      )
      // The server may be away for a moment.
      .catch(() => []);
    return rows[0]?.address;
  }

  /** Where time stands in the books: the next stories begin there. In ms. */
  private async now(): Promise<number> {
    const [head] = await this.database.ask<{ at: Date }>('select at from ledger.head');
    return Math.max(STARTS_AT, head?.at.getTime() ?? 0);
  }
}
