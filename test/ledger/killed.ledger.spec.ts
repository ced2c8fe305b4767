import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ownServer, type OwnServer } from '@stuiver/testing';
import { examine, lawsBroken } from './laws.js';
import { type FaultTold, Story } from './story.js';

/*
 * The simulator's stories against ledger processes and a PostgreSQL server that are killed and stopped between any two
 * statements. Then the books are verified, compared with every answer that anybody got, and booked again by the naive
 * model. STUIVER_SEED repeats a run; STUIVER_FAULTS makes it longer.
 */

const SEED = Number(
  process.env['STUIVER_SEED'] ?? String(Math.floor(performance.timeOrigin / 1_000)),
);
/** Faults of a story, by how many ledgers there are. */
const FAULTS = Number(process.env['STUIVER_FAULTS'] ?? '5');
const STOPPED_MS = Number(process.env['STUIVER_STOPPED_MS'] ?? '6000');
const REPORT = process.env['STUIVER_SOAK_REPORT'];
const COMMANDS = 16;
const MS_PER_FAULT_MAX = 120_000;

interface StoryTold {
  readonly ledgers: number;
  readonly seed: number;
  readonly faults: readonly FaultTold[];
  /** Answers that callers heard, repeats included. */
  readonly answers: number;
  readonly commands: number;
  readonly transfers: number;
  readonly batches: number;
}

describe('ledgers and a server that are killed between any two statements', () => {
  const stories: StoryTold[] = [];
  let server: OwnServer;

  beforeAll(async () => {
    server = await ownServer();
  }, 120_000);
  afterAll(() => server.dispose());

  it.each([1, 2, 4])(
    `book each command once and answer it the same for ever: %i at once (seed ${String(SEED)})`,
    async (members) => {
      const seed = SEED + members * 1_000_000;
      const database = await server.database();
      const plan = { seed, members, faults: FAULTS, commands: COMMANDS, stoppedMs: STOPPED_MS };
      const { heard, faults } = await new Story(plan, server, database).tell();
      const examined = await examine(database);
      expect(lawsBroken(heard, examined)).toEqual([]);
      expect(faults).toHaveLength(FAULTS);
      const { commands, transfers, batches } = examined;
      expect(commands).toBeGreaterThan(FAULTS * COMMANDS);
      const answers = heard.filter(({ answer }) => answer !== undefined).length;
      stories.push({ ledgers: members, seed, faults, answers, commands, transfers, batches });
    },
    FAULTS * MS_PER_FAULT_MAX,
  );

  it('tell what happened', async () => {
    expect(stories).toHaveLength(3);
    if (REPORT === undefined) {
      process.stderr.write(`seed ${String(SEED)}: ${JSON.stringify(stories, null, 1)}\n`);
    } else await writeFile(REPORT, JSON.stringify({ seed: SEED, stories }, null, 2));
  });
});
