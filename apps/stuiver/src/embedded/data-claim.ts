import pg from 'pg';

const CLAIM_LOCK = 7_316_000;
/** A killed process's connection may be seen as open for a moment. */
const CLAIM_MS_MAX = 10_000;
const POLL_MS = 100;

export interface DataClaim {
  release(): Promise<void>;
}

/**
 * Makes sure that one embedded Stuiver works on this data: a session lock that dies with its process.
 *
 * @throws Error in words when another one holds it.
 */
export async function claimData(adminUrl: string): Promise<DataClaim> {
  const client = new pg.Client({
    connectionString: adminUrl,
    application_name: 'stuiver claim',
    keepAlive: true,
  });
  client.on('error', () => undefined);
  await client.connect();
  const deadline = performance.now() + CLAIM_MS_MAX;
  for (;;) {
    const { rows } = await client.query<{ mine: boolean }>(
      'select pg_try_advisory_lock($1) as mine',
      [CLAIM_LOCK],
    );
    if (rows[0]?.mine === true) return { release: () => client.end() };
    if (performance.now() > deadline) {
      await client.end();
      throw new Error('another Stuiver works on this data: stop it first, or set STUIVER_DATA_DIR');
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
