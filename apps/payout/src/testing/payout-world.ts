import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { EventBus, Subscriber } from '@stuiver/bus';
import type { LedgerPort } from '@stuiver/contracts';
import { type CrashPoints, type KeyStore, SilentLog, SystemRandom } from '@stuiver/ports';
import type { Database } from '@stuiver/postgres';
import { Money } from '@stuiver/money';
import { FixedClock, testDatabase, type TestDatabase } from '@stuiver/testing';
import { recordFacts } from '../adapters/events/record-facts.js';
import { assemblePayout, type PayoutParts } from '../assemble.js';
import type { PayoutOptions } from '../options.js';
import type { Payout } from '../use-cases/ports.js';
import { type Line, MemoryLedger } from './memory-ledger.js';
import { MemoryBooks } from './memory-books.js';
import { MemoryPsp } from './memory-psp.js';

export const ONE = '1900000001';
export const TWO = '1900000002';
export const IBAN = 'NL91ABNA0417164300';
export const ANNA = 'Anna';
export const BRAM = 'Bram';

/** The process died here, as far as its caller can tell: nothing after this line ran. */
class PowerCut extends Error {}

class CrashOnce implements CrashPoints {
  at: string | null = null;

  pass(point: string): void {
    if (point !== this.at) return;
    this.at = null;
    throw new PowerCut(point);
  }
}

/** Hands the ledger's lines to the consumers that asked for them, at once. */
class DirectBus implements EventBus {
  private readonly subscribers: Subscriber[] = [];

  publish(): Promise<void> {
    return Promise.resolve();
  }

  subscribe(subscriber: Subscriber): { stop(): Promise<void> } {
    this.subscribers.push(subscriber);
    return { stop: () => Promise.resolve() };
  }

  async tell(line: Line): Promise<void> {
    for (const subscriber of this.subscribers) {
      if (!subscriber.types.includes('ledger.transfer-posted.v1')) continue;
      await subscriber.handle({
        ...{ specversion: '1.0', id: `${line.account} ${line.version}`, source: '/stuiver/ledger' },
        ...{ type: 'ledger.transfer-posted.v1', subject: line.owner, time: line.bookedAt },
        ...{ datacontenttype: 'application/json', data: line },
      });
    }
  }
}

/** Keeps secrets as a file would, without the file: bound to their purpose. */
class OpenKeyStore implements Pick<KeyStore, 'seal' | 'open'> {
  seal(purpose: string, plain: Uint8Array): Promise<Uint8Array> {
    return Promise.resolve(Buffer.concat([Buffer.from(`${purpose}\0`), plain]));
  }

  open(purpose: string, sealed: Uint8Array): Promise<Uint8Array> {
    const head = Buffer.from(`${purpose}\0`);
    const bytes = Buffer.from(sealed);
    if (!bytes.subarray(0, head.length).equals(head)) throw new Error('sealed for another purpose');
    return Promise.resolve(bytes.subarray(head.length));
  }
}

/** The service on a real database and a real folder, beside a ledger that the test operates. */
export class PayoutWorld {
  readonly clock = new FixedClock();
  readonly ledger = new MemoryLedger();
  readonly books = new MemoryBooks(this.ledger);
  readonly crash = new CrashOnce();
  readonly psp = new MemoryPsp(() => this.clock.now());
  /** For the next process. */
  prefunding: 'allowed' | 'approved' = 'allowed';
  parts: PayoutParts;
  private readonly bus = new DirectBus();

  private constructor(
    readonly test: TestDatabase,
    readonly database: Database,
    private readonly dataDir: string,
  ) {
    recordFacts({ bus: this.bus, database });
    this.ledger.hears = (line) => this.bus.tell(line);
    this.parts = this.assemble();
  }

  static async open(): Promise<PayoutWorld> {
    const test = await testDatabase();
    const dataDir = await mkdtemp(join(tmpdir(), 'payout-'));
    const world = new PayoutWorld(test, await test.open('payout'), dataDir);
    for (const merchantId of [ONE, TWO]) {
      await world.parts.keepPayee.run(
        { merchantId, name: `Café ${merchantId}`, iban: IBAN },
        { maker: ANNA, checker: BRAM },
      );
    }
    return world;
  }

  get options(): PayoutOptions {
    const { clock, crash, bus, books, database, dataDir } = this;
    return {
      ...{ clock, crash, bus, books, database, dataDir, random: new SystemRandom() },
      keys: new OpenKeyStore() as unknown as KeyStore,
      ledger: this.ledger as unknown as LedgerPort,
      log: new SilentLog(),
      operatorToken: 'operator',
      debtor: { name: 'Stuiver', iban: 'NL20INGB0001234567' },
      sandbox: true,
      pspAccount: this.psp,
      prefunding: this.prefunding,
    };
  }

  /** A new process on the same data. */
  restart(): void {
    this.parts = this.assemble();
  }

  /** As the owner of the database: who may change the rules of four eyes. */
  async rules(sql: string): Promise<pg.QueryResult> {
    const owner = new pg.Client({ connectionString: this.test.adminUrl });
    await owner.connect();
    return owner.query(sql).finally(() => owner.end());
  }

  /** Files that lie ready for the bank, whole. */
  async files(): Promise<string[]> {
    const names = await readdir(join(this.dataDir, 'payouts')).catch(() => []);
    return names.filter((name) => name.endsWith('.xml'));
  }

  /** How often each type of event was said. */
  async said(): Promise<Record<string, number>> {
    const rows = await this.database.query<{ type: string; count: number }>(
      `select event->>'type' as type, count(*)::int as count from payout.outbox group by 1`,
    );
    return Object.fromEntries(rows.map(({ type, count }) => [type, count]));
  }

  async payouts(): Promise<{ merchant_id: string; state: string; amount_minor: string }[]> {
    return this.database.query(
      'select merchant_id, state, amount_minor from payout.payout order by id',
    );
  }

  /** What is open, by kind: subjects in order. */
  async openItems(): Promise<Record<string, string[]>> {
    const rows = await this.database.query<{ kind: string; subjects: string[] }>(
      `select kind, array_agg(subject order by subject) as subjects from payout.open_item
       where resolved_at is null group by kind`,
    );
    return Object.fromEntries(rows.map(({ kind, subjects }) => [kind, subjects]));
  }

  /** Prepares, approves and exports what is settled. @returns each merchant's payout. */
  async payOut(): Promise<(merchantId: string) => Payout> {
    this.clock.advance(1);
    const { paid } = await this.parts.run.run({ maker: ANNA, checker: BRAM });
    return (merchantId) => {
      const payout = paid?.payouts.find((each) => each.merchantId === merchantId);
      if (payout === undefined) throw new Error(`${merchantId} is not paid out`);
      return payout;
    };
  }

  /** Asks the PSP for its balance. @returns its payout's id. */
  async takeFromPsp(minor: bigint): Promise<string> {
    const amount = Money.ofMinor(minor, 'EUR');
    const answer = await this.parts.recon.psp?.payOut.run({ amount, by: ANNA });
    return answer?.pspPayoutId ?? '';
  }

  async close(): Promise<void> {
    await this.test.close();
    await rm(this.dataDir, { recursive: true });
  }

  private assemble(): PayoutParts {
    return assemblePayout(this.options);
  }
}
