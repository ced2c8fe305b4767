import { Loop, type Turn } from '@stuiver/bus';
import { invariant } from '@stuiver/errors';
import type { Log } from '@stuiver/ports';
import type { Pool, PoolClient } from 'pg';
import type { PeerLedger, WriterHint } from '../../use-cases/pass-on.js';

export interface WriterDutyOptions {
  /** One of its connections is kept for as long as this runs: the lock lives on it. */
  readonly pool: Pool;
  /** Where the other processes reach this one. */
  readonly address: string;
  readonly peers: PeerLedger;
  readonly log: Log;
}

/** So long after the writer's death another one takes its place; until then each writes for itself. */
const LOOK_MS = 200;
/** Looks between two signs of life. */
const LOOKS_PER_BEAT = 5;

/** Number of the lock: ours, and the shard. */
const LOCK = '7316, 1';

/** No snapshot is held while waiting for the lock, as a blocking request would: vacuum goes on. */
const LOOK_SQL = `
  select pg_try_advisory_lock(${LOCK}) as mine, w.address, w.seen_at < clock_timestamp() - interval '3 seconds' as silent
    from ledger.writer w where w.shard = 1`;
/** A sign of life need not be durable. */
const BEAT_SQL = `
  begin;
  set local synchronous_commit = off;
  update ledger.writer set address = ADDRESS, seen_at = clock_timestamp() where shard = 1;
  commit`;
const END_SQL = `
  select pg_terminate_backend(l.pid) from pg_locks l
   where l.locktype = 'advisory' and l.granted and l.objsubid = 2 and (l.classid, l.objid) = (${LOCK})
     and l.database = (select d.oid from pg_database d where d.datname = current_database())`;

interface Look {
  readonly mine: boolean;
  readonly address: string;
  readonly silent: boolean;
}

/**
 * Agrees with the other ledger processes on one that writes: it holds a session's advisory lock and says where it is
 * reached. All of this is a hint (L4 holds without it): without a connection, without an answer, or between two
 * holders, every process writes for itself.
 */
export class WriterDuty implements WriterHint {
  private readonly loop: Loop;
  private client: PoolClient | undefined;
  private isMine = false;
  private holder: string | undefined;
  private doubted: string | undefined;
  private looks = 0;

  constructor(private readonly options: WriterDutyOptions) {
    const { log } = options;
    this.loop = new Loop({
      ...{ name: 'ledger writer', everyMs: LOOK_MS, log },
      turn: () => this.look(),
    });
  }

  get elsewhere(): string | undefined {
    return this.isMine || this.holder === this.doubted ? undefined : this.holder;
  }

  /** This process holds the lock: what others take comes here. */
  get isWriter(): boolean {
    return this.isMine;
  }

  doubt(address: string): void {
    this.doubted = address;
  }

  start(): void {
    this.loop.start();
  }

  /** Gives the lock back: the next process takes it at its next look. */
  async stop(): Promise<void> {
    await this.loop.stop();
    this.client?.release(true);
    this.forget();
  }

  private async look(): Promise<Turn> {
    const client = this.client ?? (await this.connect());
    try {
      if (this.isMine) await this.beat(client);
      else await this.ask(client);
    } catch (error) {
      client.release(true);
      this.forget();
      throw error;
    }
    return 'idle';
  }

  private async connect(): Promise<PoolClient> {
    const client = await this.options.pool.connect();
    // Somebody ended it, or the server did: the lock is gone with it.
    client.on('error', () => {
      if (this.client !== client) return;
      client.release(true);
      this.forget();
    });
    this.client = client;
    return client;
  }

  private async ask(client: PoolClient): Promise<void> {
    const { rows } = await client.query<Look>(LOOK_SQL);
    const [look] = rows;
    invariant(look !== undefined, 'the shard has a row for its writer');
    if (look.mine) {
      this.looks = 0;
      await this.beat(client);
      this.isMine = true;
      this.options.log.info('this ledger writes', {});
      return;
    }
    this.holder =
      look.address === '' || look.address === this.options.address ? undefined : look.address;
    if (this.doubted !== undefined) await this.askAgain(client, look);
  }

  private async beat(client: PoolClient): Promise<void> {
    if (this.looks % LOOKS_PER_BEAT === 0) {
      await client.query(BEAT_SQL.replace('ADDRESS', client.escapeLiteral(this.options.address)));
    }
    this.looks += 1;
  }

  /** A writer that neither answers nor shows signs of life has its session ended; one of us takes over at its next look. */
  private async askAgain(client: PoolClient, { silent }: Look): Promise<void> {
    if (this.holder !== this.doubted) {
      this.doubted = undefined;
      return;
    }
    const { peers, log } = this.options;
    const isThere = await peers.pass(this.holder ?? '', []).then(
      () => true,
      () => false,
    );
    if (isThere) this.doubted = undefined;
    else if (silent) {
      await client.query(END_SQL);
      log.warn('the writing ledger stands still; its lock was taken away', {});
    }
  }

  private forget(): void {
    this.client = undefined;
    this.isMine = false;
    this.holder = undefined;
  }
}
