import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { openFileKeyStore } from '@stuiver/key-store-file';
import { NoCrashPoints, SilentLog, SystemClock, SystemRandom } from '@stuiver/ports';
import type { Database } from '@stuiver/postgres';
import { FixedClock, testDatabase, type TestDatabase } from '@stuiver/testing';
import { auditRowsOn } from '../adapters/postgres/postgres-audit.js';
import type { Finding } from '../domain/audit/finding.js';
import { type Books, openBooks } from '../open-books.js';
import { openProofs } from '../open-proofs.js';
import { VerifyLedger } from '../use-cases/verify-ledger.js';

export interface Column {
  readonly table: string;
  readonly column: string;
  readonly type: string;
}

/** Where a change is reported: `column` of `table`. */
export interface Place {
  readonly table: string;
  readonly column: string;
}

export interface Tampering {
  /** By table, or `table.column`: the row that is changed, as SQL. */
  readonly which: Readonly<Record<string, string>>;
  /** By `table.column`: another value, as SQL, where a check of the table wants it. */
  readonly special: Readonly<Record<string, string>>;
  /** By `table.column`: where it is reported instead, since both contradict each other. */
  readonly reported: Readonly<Record<string, Place>>;
}

export interface Unseen {
  readonly unfound: readonly string[];
  readonly misnamed: readonly unknown[];
}

/** Another value of the same type. */
const OTHER: Readonly<Record<string, (column: string) => string>> = {
  smallint: (column) => `${column} + 1`,
  bigint: (column) => `${column} + 1000`,
  integer: (column) => `${column} + 1`,
  numeric: (column) => `${column} + 1`,
  text: (column) => `coalesce(${column}, '') || '2'`,
  boolean: (column) => `not ${column}`,
  json: () => `'{"x":"y"}'`,
  uuid: () => 'gen_random_uuid()',
  bytea: (column) => `set_byte(${column}, 0, get_byte(${column}, 0) # 1)`,
  character: () => `'USD'`,
  date: (column) => `${column} + 1`,
  'timestamp with time zone': (column) =>
    `coalesce(${column}, '2030-01-01') + interval '1 microsecond'`,
};

interface Opened {
  readonly db: TestDatabase;
  /** Of the keys. */
  readonly dir: string;
  readonly database: Database;
  readonly admin: pg.Client;
  readonly service: pg.Client;
  readonly publicKeyPem: string;
}

/** Books that somebody with every right changes behind the ledger's back; each change is undone after it was judged. */
export class TamperedBooks {
  readonly database: Database;
  readonly service: pg.Client;
  readonly publicKeyPem: string;
  private readonly admin: pg.Client;

  private constructor(private readonly opened: Opened) {
    this.database = opened.database;
    this.admin = opened.admin;
    this.service = opened.service;
    this.publicKeyPem = opened.publicKeyPem;
  }

  static async open(
    fill: (books: Books, makeCheckpoint: () => Promise<unknown>) => Promise<void>,
  ): Promise<TamperedBooks> {
    const db = await testDatabase();
    const database = await db.open('ledger');
    const admin = new pg.Client({ connectionString: db.adminUrl });
    const service = new pg.Client({ connectionString: db.url('ledger') });
    await Promise.all([admin.connect(), service.connect()]);
    const dir = await mkdtemp(join(tmpdir(), 'keys-'));
    const clock = new SystemClock();
    const keys = await openFileKeyStore({ dir, clock, random: new SystemRandom() });
    const { publicKeyPem } = await keys.checkpointKey();
    const log = new SilentLog();
    const { makeCheckpoint } = openProofs({ database, keys, clock, log });
    const quiet = { log, crash: new NoCrashPoints(), onCommitted: () => undefined };
    const books = openBooks({ database, clock: new FixedClock(), ...quiet });
    await fill(books, () => makeCheckpoint.run());
    return new TamperedBooks({ db, dir, database, admin, service, publicKeyPem });
  }

  async close(): Promise<void> {
    await Promise.all([this.admin.end(), this.service.end()]);
    await this.opened.db.close();
    await rm(this.opened.dir, { recursive: true });
  }

  async tables(): Promise<readonly string[]> {
    const { rows } = await this.admin.query<{ name: string }>(
      `select table_name as name from information_schema.tables
        where table_schema = 'ledger' and table_type = 'BASE TABLE' order by 1`,
    );
    return rows.map(({ name }) => name);
  }

  async columnsOf(tables: readonly string[]): Promise<readonly Column[]> {
    const { rows } = await this.admin.query<Column>(
      `select table_name as table, column_name as column, data_type as type from information_schema.columns
        where table_schema = 'ledger' and table_name = any ($1) order by table_name, ordinal_position`,
      [tables],
    );
    return rows;
  }

  /** What an audit finds after this; `sql` changes one row. */
  async after(sql: string): Promise<Finding | undefined> {
    const { admin, publicKeyPem } = this;
    await admin.query('begin');
    try {
      // No trigger, no foreign key.
      await admin.query('set local session_replication_role = replica');
      const { rowCount } = await admin.query(sql);
      if (rowCount !== 1) throw new Error(`${String(rowCount)} rows by ${sql}`);
      const verify = new VerifyLedger({ atOneMoment: (work) => work(auditRowsOn(admin)) });
      return (await verify.run({ publicKeyPem })).finding;
    } finally {
      await admin.query('rollback');
    }
  }

  /** Changes one column after the other: those that are not found, and those that are found elsewhere. */
  async changeEach({ which, special, reported }: Tampering): Promise<Unseen> {
    const unfound: string[] = [];
    const misnamed: unknown[] = [];
    const tables = Object.keys(which).filter((name) => !name.includes('.'));
    for (const { table, column, type } of await this.columnsOf(tables)) {
      const name = `${table}.${column}`;
      const other = special[name] ?? OTHER[type]?.(column);
      if (other === undefined) throw new Error(`no other value for ${name}: ${type}`);
      const where = ctid(table, which[name] ?? which[table]);
      const finding = await this.after(`update ledger.${table} set ${column} = ${other} ${where}`);
      const expected = reported[name] ?? { table, column };
      if (finding === undefined) unfound.push(name);
      else if (finding.table !== expected.table || finding.column !== expected.column) {
        misnamed.push({ name, finding });
      }
    }
    return { unfound, misnamed };
  }

  removeOne(table: string, which: string | undefined): Promise<Finding | undefined> {
    return this.after(`delete from ledger.${table} ${ctid(table, which)}`);
  }

  /** One more, like one that is there but for what `set` says. */
  async addOne(
    table: string,
    which: string | undefined,
    set: Readonly<Record<string, string>>,
  ): Promise<Finding | undefined> {
    const columns = await this.columnsOf([table]);
    const list = columns.map(({ column }) => set[column] ?? column).join(', ');
    const one = `select ${list} from ledger.${table} where ${which ?? ''} limit 1`;
    return this.after(`insert into ledger.${table} ${one}`);
  }
}

function ctid(table: string, which = ''): string {
  return `where ctid = (select ctid from ledger.${table} where ${which} limit 1)`;
}
