import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Database } from '@stuiver/postgres';
import { REPOSITORY_ROOT, testDatabase, type TestDatabase } from '@stuiver/testing';
import type { DyingPlan } from '../testing/dying-child.js';
import { PostgresAudit } from '../adapters/postgres/postgres-audit.js';
import { VerifyLedger } from '../use-cases/verify-ledger.js';
import { replayBooks } from './kill-replay.js';

/** A built program: the tests are preceded by a build. */
const CHILD = join(REPOSITORY_ROOT, 'apps/ledger/dist/testing/dying-child.js');
const COMMANDS = 24;

interface Told {
  readonly content: string;
  readonly answer: object;
}

describe('a ledger that is killed between any two statements', () => {
  let db: TestDatabase;
  let books: Database;

  beforeEach(async () => {
    db = await testDatabase();
    books = await db.open('ledger');
  });
  afterEach(() => db.close());

  const run = (
    plan: Omit<DyingPlan, 'url' | 'commands'>,
  ): Promise<{ told: Told[]; died: boolean }> =>
    runChild({ ...plan, url: db.url('ledger'), commands: COMMANDS });

  it.each([
    { seed: 100, from: 1 },
    { seed: 200, from: 7 },
    { seed: 400, from: 13 },
  ])(
    'answers the same for ever and books once (from statement $from)',
    async ({ seed, from }) => {
      const told: Told[] = [];
      let deaths = 0;
      for (let dieAt = from; dieAt < from + 6; dieAt += 1) {
        for (const isSent of [false, true]) {
          // A world of its own, begun by one that dies and told again, to its end, by one that lives.
          const world = seed + dieAt * 2 + Number(isSent);
          const dying = await run({ seed: world, dieAt, isSent });
          const living = await run({ seed: world, dieAt: 0, isSent });
          deaths += Number(dying.died);
          told.push(...dying.told, ...living.told);
        }
      }
      expect(deaths).toBeGreaterThan(6);
      expect(told.length).toBeGreaterThan(0);
      expect(contradictionsIn(told)).toEqual([]);
      expect(await bookedOnce(books, told)).toBe(true);
      const verified = await new VerifyLedger(new PostgresAudit(books.pool)).run();
      expect(verified.finding).toBeUndefined();
      expect((await replayBooks(books.pool)).differences).toEqual([]);
    },
    240_000,
  );
});

/** Commands that were answered twice, and not the same. */
function contradictionsIn(told: readonly Told[]): readonly (readonly [object, object])[] {
  const first = new Map<string, object>();
  return told.flatMap(({ content, answer }) => {
    const before = first.get(content);
    first.set(content, before ?? answer);
    return before === undefined || isDeepStrictEqual(before, answer) ? [] : [[before, answer]];
  });
}

/** Every id that got an answer stands in the books, and each stands there once. */
async function bookedOnce(books: Database, told: readonly Told[]): Promise<boolean> {
  const ids = [...new Set(told.map(({ content }) => (JSON.parse(content) as { id: string }).id))];
  const rows = await books.query<{ id: string }>(
    'select id from ledger.command where id = any ($1)',
    [ids],
  );
  return rows.length === ids.length;
}

function runChild(plan: DyingPlan): Promise<{ told: Told[]; died: boolean }> {
  const child = spawn(process.execPath, [CHILD, JSON.stringify(plan)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.on('data', (part: Buffer) => (text += part.toString()));
  return new Promise((resolve, reject) => {
    child.on('close', (code, signal) => {
      if (signal !== 'SIGKILL' && code !== 0) reject(new Error(`it ended with ${String(code)}`));
      const lines = text.split('\n').filter((line) => line !== '');
      const told = lines.map((line) => JSON.parse(line) as Told);
      resolve({ told, died: signal === 'SIGKILL' });
    });
  });
}
