import { describe, expect, it } from '@jest/globals';
import { simulate } from './simulate.js';

describe('the simulator', () => {
  it('finds nothing that the ledger and the model see differently', async () => {
    const { failure } = await simulate({ seed: 1, steps: 3_000 });
    expect(failure).toBeUndefined();
  });

  it('produces the same from the same seed', async () => {
    const [once, again] = [
      await simulate({ seed: 77, steps: 600 }),
      await simulate({ seed: 77, steps: 600 }),
    ];
    expect([...again.coverage.all]).toEqual([...once.coverage.all]);
  });
});
