import type { LedgerResult } from '@stuiver/contracts';
import { NoCrashPoints, SilentLog } from '@stuiver/ports';
import type { AcceptedCommand } from '../use-cases/accept-command.js';
import { ExpireHolds } from '../use-cases/expire-holds.js';
import type { BatchRows, LedgerStore } from '../use-cases/ledger-store.js';
import { PostBatch } from '../use-cases/post-batch.js';
import { acceptGiven } from './commands/index.js';
import type { Coverage } from './coverage.js';
import { Disagreement, Judge, type Sent } from './judge.js';
import { type Action, type Fault, type FaultPlace, STARTS_AT, type WriterNo } from './plan.js';
import type { MemoryTables } from './memory-tables.js';
import type { RowsBroken } from './rows-broken.js';
import { type DatabaseWatcher, nextTurn, SimulatedDatabase } from './simulated-database.js';

/** Whoever has no answer by then never gets one. */
const TURNS_MAX = 5_000;
const BLIND = new Uint8Array(32).fill(7);

interface InHand extends Sent {
  /** The process that has it: a writer of the same number may be another one by now. */
  readonly process: Process;
}

interface Process {
  readonly writer: WriterNo;
  readonly store: LedgerStore;
  readonly postBatch: PostBatch;
  lostLocks: number;
}

/** Tells one story to real posters over a simulated database with these empty tables. @throws Disagreement. */
export async function runWorld(
  story: readonly Action[],
  coverage: Coverage,
  tables: MemoryTables,
): Promise<void> {
  await new World(coverage, tables).run(story);
}

class World implements DatabaseWatcher {
  private readonly judge: Judge;
  private readonly database: SimulatedDatabase;
  private readonly processes: Process[];
  private inHand: InHand[] = [];
  /** What has no answer: its process died, or does not know. */
  private readonly unanswered: AcceptedCommand[] = [];
  private failure: Error | undefined;
  private clockMs = STARTS_AT;

  constructor(
    private readonly coverage: Coverage,
    tables: MemoryTables,
  ) {
    this.database = new SimulatedDatabase(this, tables);
    this.judge = new Judge(coverage);
    this.processes = [this.start(0), this.start(1)];
  }

  async run(story: readonly Action[]): Promise<void> {
    for (const action of story) {
      await this.take(action);
      this.needNoFailure();
    }
    await this.settle();
    this.database.calm();
    await this.database.ghostsArrive();
    // Who got no answer asks again, and now gets one.
    for (const accepted of this.unanswered.splice(0)) this.give(0, accepted);
    await this.settle();
    await this.database.ghostsArrive();
    this.needNoFailure();
    if (this.unanswered.length > 0) throw new Disagreement('somebody never got an answer');
    this.judge.atEnd(this.database.tables);
  }

  committed(rows: BatchRows, writer: WriterNo | undefined): void {
    const inHand = this.inHand.filter(({ process }) => process.writer === writer);
    const accepted = inHand.map((each) => each.accepted);
    this.guard(() => {
      this.judge.committed(rows, accepted, this.database.tables);
    });
  }

  met(fault: Fault, place: FaultPlace, writer: WriterNo): void {
    this.coverage.count(`${fault} at ${place}`);
    const process = this.processes[writer];
    if (process !== undefined && place === 'lock') process.lostLocks += 1;
    for (const { accepted } of this.inHand.filter((each) => each.process === process)) {
      this.coverage.count(`${accepted.command.kind} meets ${fault}`);
    }
  }

  died(writer: WriterNo): void {
    const dead = this.processes[writer];
    this.processes[writer] = this.start(writer);
    for (const { process, accepted } of this.inHand) {
      if (process === dead) this.unanswered.push(accepted);
    }
    this.inHand = this.inHand.filter(({ process }) => process !== dead);
  }

  answered(what: string): void {
    this.coverage.count(what);
  }

  broke(rule: RowsBroken): void {
    this.failure ??= rule;
  }

  private start(writer: WriterNo): Process {
    const store = this.database.open(writer);
    const postBatch = new PostBatch({
      store,
      clock: { now: () => new Date(this.clockMs) },
      log: new SilentLog(),
      crash: new NoCrashPoints(),
      random: { bytes: () => BLIND },
      onCommitted: () => undefined,
    });
    return { writer, store, postBatch, lostLocks: 0 };
  }

  private async take(action: Action): Promise<void> {
    switch (action.do) {
      case 'submit':
        this.give(action.writer, acceptGiven(action.command));
        return;
      case 'settle':
        await this.settle();
        return;
      case 'turns':
        for (let turn = 0; turn < action.count; turn += 1) await nextTurn();
        return;
      case 'ghosts':
        await this.database.ghostsArrive();
        return;
      case 'look':
        await this.look(action.writer);
        return;
      case 'clock':
      case 'fault':
      case 'delay':
        this.arrange(action);
    }
  }

  private arrange(action: Extract<Action, { do: 'clock' | 'fault' | 'delay' }>): void {
    if (action.do === 'fault') this.database.plan(action);
    else if (action.do === 'delay') this.database.delay(action.writer, action.turns);
    else {
      this.clockMs += action.ms;
      this.coverage.count(action.ms < 0 ? 'clock back' : 'clock forward');
    }
  }

  private give(writer: WriterNo, accepted: AcceptedCommand): void {
    const process = this.processes[writer];
    if (process === undefined) return;
    this.judge.sent(accepted);
    const sent: InHand = { accepted, process, lostLocksBefore: process.lostLocks };
    this.inHand.push(sent);
    this.coverage.count('command');
    const hear = (answer: LedgerResult | Error): void => {
      this.inHand = this.inHand.filter((each) => each !== sent);
      if (answer instanceof Error && answer.name === 'LedgerUnavailable') {
        this.unanswered.push(accepted);
      }
      this.guard(() => {
        this.judge.answered(sent, answer, process.lostLocks);
      });
    };
    process.postBatch.run(accepted).then(hear, hear);
  }

  private async look(writer: WriterNo): Promise<void> {
    const process = this.processes[writer];
    if (process === undefined) return;
    const clock = { now: () => new Date(this.clockMs) };
    const looking = new ExpireHolds({ ...process, clock, log: new SilentLog() }).run();
    // It may die with its process, and an answer is nobody's.
    looking.catch(() => undefined);
    await nextTurn();
  }

  private async settle(): Promise<void> {
    for (let turn = 0; this.inHand.length > 0; turn += 1) {
      this.needNoFailure();
      if (turn > TURNS_MAX) throw new Disagreement('somebody waits for ever');
      await nextTurn();
    }
  }

  private guard(check: () => void): void {
    try {
      check();
    } catch (error) {
      this.failure ??= error instanceof Error ? error : new Disagreement(String(error));
    }
  }

  private needNoFailure(): void {
    if (this.failure !== undefined) throw this.failure;
  }
}
