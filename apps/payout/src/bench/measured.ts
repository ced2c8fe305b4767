import pg from 'pg';

/** One scenario, as a line of JSON. */
export interface PayoutBenchLine {
  readonly name: string;
  readonly per_second: number;
  readonly n: number;
  readonly seconds: number;
  /** The most that the process held meanwhile, MB. */
  readonly rss_mb: number;
  /** How fast it is, as a multiple of the same scenario with a tenth of the orders: 1 grows in step, 0.1 with the square. */
  readonly times_smaller?: number;
}

const MIB = 1024 * 1024;
const LOOK_MS = 20;
const ROWS = 5_000;
const ROW_BYTES = 200;

/** @param work  what is measured: `n` of something. */
export async function measured<T>(
  what: { readonly name: string; readonly n: number },
  work: () => Promise<T>,
): Promise<{ line: PayoutBenchLine; result: T }> {
  let most = process.memoryUsage.rss();
  const look = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss());
  }, LOOK_MS);
  const begun = performance.now();
  const result = await work();
  const seconds = (performance.now() - begun) / 1_000;
  clearInterval(look);
  most = Math.max(most, process.memoryUsage.rss());
  const line = {
    ...what,
    per_second: Math.round(what.n / seconds),
    seconds: Math.round(seconds * 10) / 10,
    rss_mb: Math.round(most / MIB),
  };
  return { line, result };
}

/** The yardstick: one durable row after the other. */
export async function measureRows(adminUrl: string): Promise<PayoutBenchLine> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    await client.query(
      'create table public.bench_row (id bigint primary key, body bytea not null)',
    );
    const body = Buffer.alloc(ROW_BYTES, 'x');
    const { line } = await measured({ name: 'payout.row', n: ROWS }, async () => {
      for (let id = 0; id < ROWS; id += 1) {
        await client.query('insert into public.bench_row values ($1, $2)', [id, body]);
      }
    });
    return line;
  } finally {
    await client.end();
  }
}
