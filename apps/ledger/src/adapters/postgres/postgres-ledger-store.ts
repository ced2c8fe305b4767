import type { Pool, PoolClient, QueryConfig } from 'pg';
import { errorCode, invariant } from '@stuiver/errors';
import { onConnection } from '@stuiver/postgres';
import { RowsRefused } from '../../use-cases/ledger-store.js';
import type {
  Appended,
  BatchRows,
  LedgerStore,
  LedgerWriter,
  Question,
  Snapshot,
} from '../../use-cases/ledger-store.js';
import { appendParameters } from './append-parameters.js';
import { sealParameters } from './seal-parameters.js';
import { snapshotParameters, toSnapshot, type SnapshotRow } from './snapshot.js';
import { SNAPSHOT_SQL } from './snapshot-sql.js';

/** A batch takes milliseconds. One that takes this long has lost its connection, or its server. */
const BATCH_MS_MAX = 10_000;
/** Whoever stands still with the lock loses it: the other processes wait for it. */
const LOCK_SQL = `
  begin;
  set local idle_in_transaction_session_timeout = '1s';
  select ledger.lock_head()`;
const APPENDED: readonly string[] = ['appended', 'moved', 'known'] satisfies Appended[];
const APPEND_PARAMETERS = placeholders({ from: 1, count: 28 });
const SEAL_PARAMETERS = placeholders({ from: 29, count: 5 });
/** One statement, so that what is appended is sealed or is not there. */
const APPEND_SQL = `
  select ledger.seal_batch(ledger.append_batch(${APPEND_PARAMETERS}), ${SEAL_PARAMETERS}) as outcome`;
/** SQLSTATE classes that speak about the rows: data exception, integrity, our own guards, program limits. */
const ABOUT_THE_ROWS = /^(22|23|54|LB)/;

/** The tables of schema `ledger`, over a pool of the service's own role. */
export class PostgresLedgerStore implements LedgerStore {
  constructor(private readonly pool: Pool) {}

  read(question: Question): Promise<Snapshot> {
    return this.onConnection((client) => writerOn(client).read(question));
  }

  append(rows: BatchRows): Promise<Appended> {
    return this.onConnection((client) => writerOn(client).append(rows));
  }

  underLock<T>(work: (writer: LedgerWriter) => Promise<T>): Promise<T> {
    return this.onConnection(async (client) => {
      await client.query(LOCK_SQL);
      const done = await work(writerOn(client));
      await client.query('commit');
      return done;
    });
  }

  private async onConnection<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    try {
      return await onConnection(this.pool, work);
    } catch (error) {
      if (!ABOUT_THE_ROWS.test(errorCode(error) ?? '')) throw error;
      throw new RowsRefused('the database refused the rows of a batch', { cause: error });
    }
  }
}

function writerOn(client: PoolClient): LedgerWriter {
  return {
    read: async (question) => {
      const { rows } = await client.query<SnapshotRow>(
        limited('ledger_snapshot', SNAPSHOT_SQL, snapshotParameters(question)),
      );
      return toSnapshot(rows[0]);
    },
    append: async (batch) => {
      const { rows } = await client.query<{ outcome: string }>(
        limited('ledger_append', APPEND_SQL, [
          ...appendParameters(batch),
          ...sealParameters(batch.seal),
        ]),
      );
      const outcome = rows[0]?.outcome ?? '';
      invariant(isAppended(outcome), 'append_batch answers appended, moved or known');
      return outcome;
    },
  };
}

/** Prepared once per connection, and given up after a while. pg knows `query_timeout`; its types do not. */
function limited(
  name: string,
  text: string,
  values: unknown[],
): QueryConfig & { query_timeout: number } {
  return { name, text, values, query_timeout: BATCH_MS_MAX };
}

function placeholders({ from, count }: { from: number; count: number }): string {
  return Array.from({ length: count }, (_, index) => `$${String(from + index)}`).join(', ');
}

function isAppended(text: string): text is Appended {
  return APPENDED.includes(text);
}
