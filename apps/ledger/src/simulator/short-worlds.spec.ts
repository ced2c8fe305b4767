import { describe, expect, it } from '@jest/globals';
import { simulate } from './simulate.js';

describe('rules and model', () => {
  it.each([11, 12, 13])('agree on short worlds: seed %i', async (seed) => {
    const { failure } = await simulate({ seed, steps: 200 });
    expect(failure).toBeUndefined();
  });
});
