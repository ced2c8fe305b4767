import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { REPOSITORY_ROOT } from '@stuiver/testing';

interface Violation {
  readonly from: string;
  readonly rule: { readonly name: string };
}

const CONFIG = join(REPOSITORY_ROOT, '.dependency-cruiser.cjs');
const { forbidden } = createRequire(import.meta.url)(CONFIG) as {
  forbidden: { name: string }[];
};

/** Runs the real cruiser with the real rules on a tree of planted violations: `{rule name}.ts` breaks that rule. */
async function cruisePlanted(): Promise<readonly Violation[]> {
  const cruiser = join(REPOSITORY_ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const args = [cruiser, 'apps', 'libs', 'test', '--config', CONFIG, '--output-type', 'json'];
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    cwd: join(REPOSITORY_ROOT, 'test/fences/planted'),
    maxBuffer: 64 * 1024 * 1024,
  }).catch((error: unknown) => error as { stdout: string });
  const report = JSON.parse(stdout) as { summary: { violations: Violation[] } };
  return report.summary.violations;
}

describe('the import fences', () => {
  let violations: readonly Violation[];

  beforeAll(async () => {
    violations = await cruisePlanted();
  }, 60_000);

  it.each(forbidden.map(({ name }) => name))('report a planted breach of %s', (name) => {
    const reported = violations
      .filter((violation) => violation.rule.name === name)
      .map((violation) => violation.from.split('/').at(-1));
    expect(reported).toContain(`${name}.ts`);
  });
});
