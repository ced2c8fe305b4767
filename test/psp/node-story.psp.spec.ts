import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type SandboxProcess, startSandboxProcess } from '../support/sandbox-process.js';
import { NodeStory, readStory } from './node-story.js';

const START_MS_MAX = 150_000;
const steps = await readStory();

describe('Stripe’s client for Node, at the sandbox', () => {
  let sandbox: SandboxProcess;
  let story: NodeStory;
  beforeAll(async () => {
    sandbox = await startSandboxProcess();
    story = await NodeStory.open(sandbox.url, sandbox.secretKey);
  }, START_MS_MAX);
  afterAll(async () => {
    story.close();
    await sandbox.stop();
  }, START_MS_MAX);

  it('has forty steps to take', () => {
    expect(steps.length).toBeGreaterThanOrEqual(40);
  });

  it.each(steps.map((step) => [step.name, step] as const))('%s', async (_name, step) => {
    expect(await story.take(step)).toEqual([]);
  });
});
