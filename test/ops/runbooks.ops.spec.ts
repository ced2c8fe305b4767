import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { testDatabase, type TestDatabase } from '@stuiver/testing';
import { readText, runbooks } from '../support/ops-files.js';

const ANY_ID = '00000000-0000-0000-0000-000000000000';

interface Query {
  readonly page: string;
  readonly sql: string;
}

/** What a page tells the reader to ask the database: code that begins with `select`. */
function queriesOf(page: string): readonly Query[] {
  const spans = readText(page).matchAll(/`(select [^`]+?);?`/g);
  return [...spans].map((span) => ({ page, sql: (span[1] ?? '').replaceAll('…', ANY_ID) }));
}

const queries = runbooks().flatMap(queriesOf);
/** At three in the morning nobody wants to mend a query, nor a command. */
describe('what the runbooks tell to ask', () => {
  let db: TestDatabase;

  beforeAll(async () => {
    db = await testDatabase();
  });
  afterAll(() => db.close());

  it('is there', () => {
    expect(queries.length).toBeGreaterThanOrEqual(8);
  });

  it.each(queries)('$page: $sql', async ({ sql }) => {
    // As the service's own role, which is how the page says to connect.
    const database = await db.open(sql.includes('orders.') ? 'orders' : 'ledger');
    await expect(database.query(sql)).resolves.toEqual(expect.any(Array));
  });

  it.each(runbooks())('%s names commands of the command line', (page) => {
    const commands = [...readText(page).matchAll(/`(?:npx )?stuiver ([a-z-]+)/g)];
    const known = readText('apps/stuiver/src/commands/index.ts');
    const unknown = commands.map(([, verb = '']) => verb).filter((verb) => !isKnown(known, verb));
    expect(unknown).toEqual([]);
  });
});

/** By the name of its file: `ledger balance` is in ledger-balance.ts, `bus list` in bus.ts. */
function isKnown(index: string, verb: string): boolean {
  return index.includes(`'./${verb}`) || verb === 'role-url';
}
