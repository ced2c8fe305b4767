import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { REPOSITORY_ROOT } from '@stuiver/testing';
import { type SandboxProcess, startSandboxProcess } from '../support/sandbox-process.js';
import { readStory } from './node-story.js';

const BUILD_AND_STORY_MS_MAX = 400_000;
const OUTPUT_BYTES_MAX = 10_000_000;
const SOURCE = join(REPOSITORY_ROOT, 'test/psp/go');
const STORY = join(REPOSITORY_ROOT, 'test/psp/story.json');
const steps = await readStory();
const run = promisify(execFile);

interface Report {
  readonly name: string;
  readonly objections: readonly string[];
}

describe('Stripe’s client for Go, at the sandbox', () => {
  let sandbox: SandboxProcess;
  let folder: string;
  let reports: readonly Report[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'stuiver-go-'));
    const story = join(folder, 'story');
    await run('go', ['-C', SOURCE, 'build', '-o', story, '.']);
    sandbox = await startSandboxProcess();
    const given = [STORY, sandbox.url.href, sandbox.secretKey];
    const { stdout } = await run(story, given, { maxBuffer: OUTPUT_BYTES_MAX });
    reports = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Report);
  }, BUILD_AND_STORY_MS_MAX);

  afterAll(async () => {
    await sandbox.stop();
    await rm(folder, { recursive: true });
  }, BUILD_AND_STORY_MS_MAX);

  it('takes every step that the client for Node takes', () => {
    expect(reports.map(({ name }) => name)).toEqual(steps.map(({ name }) => name));
  });

  it.each(steps.map((step, place) => [step.name, place] as const))('%s', (_name, place) => {
    expect(reports[place]?.objections).toEqual([]);
  });
});
