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
  let broken = false;
  // A connection that breaks also emits; without a listener that would end the process. Whoever waits for it, now or
  // at the next query, is told by a rejection.
  const note = (): void => {
    broken = true;
  };
  client.on('error', note);
  try {
    const done = await work(client);
    client.off('error', note);
    client.release(broken);
    return done;
  } catch (error) {
    client.release(true);
    throw error;
  }
}
