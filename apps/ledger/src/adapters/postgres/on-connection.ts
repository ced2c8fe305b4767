import type { Pool, PoolClient } from 'pg';

/**
 * Works on one connection of the pool. One on which anything went wrong is closed and not reused: its transaction and
 * its locks end with it.
 */
export async function onConnection<T>(
  pool: Pool,
  work: (client: PoolClient) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  // A connection that breaks also emits; without a listener that would end the process.
  client.on('error', ignore);
  try {
    const done = await work(client);
    client.off('error', ignore);
    client.release();
    return done;
  } catch (error) {
    client.release(true);
    throw error;
  }
}

function ignore(): void {
  /* whoever was waiting for the connection has been told by a rejected query */
}
