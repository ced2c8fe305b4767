import { describe, expect, it } from '@jest/globals';
import { LedgerCommandSchema } from '@stuiver/contracts';
import { SIMULATED_KINDS } from './commands/index.js';
import { shrink } from './shrink.js';
import { simulate } from './simulate.js';

describe('the simulator', () => {
  it('finds nothing that the ledger and the model see differently', async () => {
    const { failure } = await simulate({ seed: 1, steps: 2_000 });
    expect(failure).toBeUndefined();
  }, 120_000);

  it('produces the same from the same seed', async () => {
    const [once, again] = [
      await simulate({ seed: 77, steps: 300 }),
      await simulate({ seed: 77, steps: 300 }),
    ];
    expect([...again.coverage.all]).toEqual([...once.coverage.all]);
  });

  it('sends every kind of command', () => {
    const kinds = LedgerCommandSchema.options.map(({ shape }) => shape.kind.value);
    const missing = kinds.filter((kind) => !SIMULATED_KINDS.includes(kind as never));
    expect(missing).toEqual([]);
  });

  it('shortens a story to what it needs to fail', async () => {
    const story = Array.from({ length: 100 }, (_, index) => index);
    const fails = (part: readonly number[]): Promise<boolean> =>
      Promise.resolve(part.includes(17) && part.includes(83));
    const joined = (): undefined => undefined;
    expect(await shrink(story, { fails, joined })).toEqual([17, 83]);
  });

  it('joins neighbours that do as one what they do together', async () => {
    const story = [1, 2, 3, 100, 4, 5];
    const fails = (part: readonly number[]): Promise<boolean> => {
      const place = part.indexOf(100);
      const sum = (of: readonly number[]): number => of.reduce((a, b) => a + b, 0);
      const [before, after] = [sum(part.slice(0, place)), sum(part.slice(place + 1))];
      return Promise.resolve(place !== -1 && before >= 6 && after >= 9);
    };
    const joined = (a: number, b: number): number | undefined =>
      a === 100 || b === 100 ? undefined : a + b;
    expect(await shrink(story, { fails, joined })).toEqual([6, 100, 9]);
  });
});
