import type {
  Appended,
  BatchRows,
  LedgerStore,
  LedgerWriter,
  Question,
  Snapshot,
} from '../use-cases/ledger-store.js';
import type { MemoryTables } from './memory-tables.js';
import type { Fault, FaultPlace, WriterNo } from './plan.js';
import { RowsBroken } from './rows-broken.js';

export interface DatabaseWatcher {
  /** @param writer  undefined: a batch that had been lost. */
  committed(rows: BatchRows, writer: WriterNo | undefined): void;
  met(fault: Fault, place: FaultPlace, writer: WriterNo): void;
  died(writer: WriterNo): void;
  /** What became of a batch that wrote nothing, or of a ghost. */
  answered(what: `${'append' | 'ghost'}-${Appended}`): void;
  broke(rule: RowsBroken): void;
}

class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';
}

const NEVER = new Promise<never>(() => undefined);

/** One database, as processes see it whose connections break. */
export class SimulatedDatabase {
  private readonly faults: { fault: Fault; place: FaultPlace; writer: WriterNo }[] = [];
  private readonly turns: [number, number] = [0, 0];
  private ghosts: BatchRows[] = [];
  private lock: Promise<void> | undefined;

  constructor(
    readonly watcher: DatabaseWatcher,
    public tables: MemoryTables,
  ) {}

  plan(fault: { fault: Fault; place: FaultPlace; writer: WriterNo }): void {
    this.faults.push(fault);
  }

  /** From now on no fault is met and no answer is late. */
  calm(): void {
    this.faults.length = 0;
    this.turns.fill(0);
  }

  delay(writer: WriterNo, turns: number): void {
    this.turns[writer] = turns;
  }

  async ghostsArrive(): Promise<void> {
    const ghosts = this.ghosts;
    this.ghosts = [];
    for (const rows of ghosts) {
      await this.unlocked();
      this.watcher.answered(`ghost-${await this.commit(rows, undefined)}`);
    }
  }

  /** A connection of a process's own. */
  open(writer: WriterNo): LedgerStore {
    return new Connection(this, writer);
  }

  take(writer: WriterNo, place: FaultPlace): Fault | undefined {
    const index = this.faults.findIndex((one) => one.writer === writer && one.place === place);
    if (index < 0) return undefined;
    const [planned] = this.faults.splice(index, 1);
    if (planned !== undefined) this.watcher.met(planned.fault, place, writer);
    return planned?.fault;
  }

  haunt(rows: BatchRows): void {
    this.ghosts.push(rows);
  }

  async wait(writer: WriterNo): Promise<void> {
    for (let turn = 0; turn < this.turns[writer]; turn += 1) await nextTurn();
  }

  async commit(rows: BatchRows, writer: WriterNo | undefined): Promise<Appended> {
    const appended = await this.sound(() => this.tables.append(rows));
    if (appended === 'appended') this.watcher.committed(rows, writer);
    else if (writer !== undefined) this.watcher.answered(`append-${appended}`);
    return appended;
  }

  async sound<T>(write: () => Promise<T>): Promise<T> {
    try {
      return await write();
    } catch (error) {
      if (error instanceof RowsBroken) this.watcher.broke(error);
      throw error;
    }
  }

  async unlocked(): Promise<void> {
    while (this.lock !== undefined) await this.lock;
  }

  /** @returns what gives the lock back. */
  async locked(): Promise<() => void> {
    await this.unlocked();
    return new Promise((give) => {
      this.lock = new Promise((released) => {
        give(() => {
          this.lock = undefined;
          released();
        });
      });
    });
  }
}

export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

class Connection implements LedgerStore {
  private isDead = false;

  constructor(
    private readonly database: SimulatedDatabase,
    private readonly writer: WriterNo,
  ) {}

  async read(question: Question): Promise<Snapshot> {
    await this.alive();
    return this.database.tables.read(question);
  }

  async append(rows: BatchRows): Promise<Appended> {
    await this.alive();
    await this.database.unlocked();
    const fault = this.database.take(this.writer, 'append');
    if (fault === 'ghost') this.database.haunt(rows);
    if (fault === 'crash-before') await this.die();
    if (fault === 'lost-before' || fault === 'ghost') throw new ConnectionLost();
    const appended = await this.database.commit(rows, this.writer);
    if (fault === 'crash-after') await this.die();
    if (fault === 'lost-after') throw new ConnectionLost();
    return appended;
  }

  async underLock<T>(work: (writer: LedgerWriter) => Promise<T>): Promise<T> {
    await this.alive();
    const release = await this.database.locked();
    const fork = this.database.tables.fork();
    const written: BatchRows[] = [];
    try {
      const done = await work(this.onFork(fork, written));
      const fault = this.database.take(this.writer, 'lock');
      if (fault === 'crash-before') await this.die(release);
      if (fault === 'lost-before' || fault === 'ghost') throw new ConnectionLost();
      this.database.tables = fork;
      for (const rows of written) this.database.watcher.committed(rows, this.writer);
      if (fault === 'crash-after') await this.die(release);
      if (fault === 'lost-after') throw new ConnectionLost();
      return done;
    } finally {
      release();
    }
  }

  private onFork(fork: MemoryTables, written: BatchRows[]): LedgerWriter {
    return {
      read: async (question) => {
        await this.alive();
        return fork.read(question);
      },
      append: async (rows) => {
        await this.alive();
        const appended = await this.database.sound(() => fork.append(rows));
        if (appended === 'appended') written.push(rows);
        return appended;
      },
    };
  }

  private async alive(): Promise<void> {
    if (this.isDead) await NEVER;
    await this.database.wait(this.writer);
  }

  /** Nothing of this process is ever heard of again. */
  private async die(release?: () => void): Promise<never> {
    this.isDead = true;
    release?.();
    this.database.watcher.died(this.writer);
    return NEVER;
  }
}
