import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual, promisify } from 'node:util';
import type { OwnDatabase } from '@stuiver/testing';
import { type Heard, PROGRAMS } from './member.js';

/** What is found in books that are quiet. */
export interface Examined {
  /** The first row that does not follow from what is before it; null: there is none. */
  readonly finding: unknown;
  readonly batches: number;
  readonly commands: number;
  readonly transfers: number;
  readonly results: Readonly<
    Record<string, { readonly kind: string; readonly content: string; readonly result: object }>
  >;
  /** Where the naive model, booking the same commands in the same order, says something else. */
  readonly differences: readonly string[];
}

const run = promisify(execFile);

/** Verifies the books, and books them again with the naive model. */
export async function examine(database: OwnDatabase): Promise<Examined> {
  const folder = await mkdtemp(join(tmpdir(), 'stuiver-examined-'));
  const into = join(folder, 'examined.json');
  const examination = JSON.stringify({ url: database.url('ledger'), into });
  try {
    await run(process.execPath, [join(PROGRAMS, 'examining-child.js'), examination]);
    return JSON.parse(await readFile(into, 'utf8')) as Examined;
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Whatever was answered stands in the books once and as it was answered; nothing else does. */
export function lawsBroken(heard: readonly Heard[], examined: Examined): readonly string[] {
  const { finding, differences, results } = examined;
  const asked = new Set(heard.map(({ id }) => id));
  const strange = Object.entries(results).filter(
    ([id, { kind }]) => kind !== 'hold-expire' && !asked.has(id),
  );
  return [
    ...(finding === null ? [] : [`verify: ${JSON.stringify(finding)}`]),
    ...differences,
    ...heard.flatMap((each) => brokenBy(each, results[each.id])),
    ...strange.map(([id]) => `nobody sent ${id}`),
  ];
}

function brokenBy(
  { id, content, answer, code }: Heard,
  booked: Examined['results'][string] | undefined,
): readonly string[] {
  if (answer !== undefined) {
    if (isDeepStrictEqual(answer, booked?.result)) return [];
    return [
      `${id} was answered ${JSON.stringify(answer)}, and the books say ${JSON.stringify(booked?.result)}`,
    ];
  }
  const isConflict = booked !== undefined && booked.content !== content;
  return code !== 'COMMAND_CONFLICT' || isConflict ? [] : [`${id} conflicts with nothing`];
}
