import pg from 'pg';
import { DataSource, type EntityManager, type EntitySchema, type MixedList } from 'typeorm';
import { invariant } from '@stuiver/errors';

export interface DatabaseOptions {
  readonly url: string;
  /** Seen in `pg_stat_activity`: whose connections these are. */
  readonly applicationName: string;
  readonly poolMax: number;
  // TypeORM's own notion of an entity list: classes or schemas.
  readonly entities?: MixedList<(new () => object) | EntitySchema>;
}

/** One service's door to its own schema, as its own role. */
export interface Database {
  readonly dataSource: DataSource;
  /** The pool under TypeORM, for statements that gain nothing from it. */
  readonly pool: pg.Pool;
  /** One transaction: what `work` writes is there whole or not at all. No network call belongs inside. */
  run<T>(work: (tx: EntityManager) => Promise<T>): Promise<T>;
  query<Row>(sql: string, parameters?: readonly unknown[]): Promise<Row[]>;
  close(): Promise<void>;
}

const CONNECT_MS_MAX = 10_000;
/** A transaction that sits idle this long was forgotten: PostgreSQL ends it, so no row stays locked. */
const IDLE_IN_TRANSACTION_MS_MAX = 60_000;

/** Connects as the role named in the URL. int8 arrives as text, so no amount ever becomes a float. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const dataSource = new DataSource({
    type: 'postgres',
    driver: pg,
    url: options.url,
    applicationName: options.applicationName,
    poolSize: options.poolMax,
    connectTimeoutMS: CONNECT_MS_MAX,
    entities: options.entities ?? [],
    installExtensions: false,
    extra: { idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS_MAX },
  });
  await dataSource.initialize();
  return new TypeOrmDatabase(dataSource);
}

class TypeOrmDatabase implements Database {
  readonly pool: pg.Pool;

  constructor(readonly dataSource: DataSource) {
    const { master } = dataSource.driver as unknown as { master?: unknown };
    invariant(master instanceof pg.Pool, 'the PostgreSQL driver of TypeORM keeps a pg.Pool');
    this.pool = master;
  }

  run<T>(work: (tx: EntityManager) => Promise<T>): Promise<T> {
    return this.dataSource.transaction(work);
  }

  async query<Row>(sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    const { rows } = await this.pool.query<Row & pg.QueryResultRow>(sql, [...parameters]);
    return rows;
  }

  async close(): Promise<void> {
    await this.dataSource.destroy();
  }
}
