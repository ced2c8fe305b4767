import { parseArgs } from 'node:util';
import { printSimulation, simulate } from '@stuiver/ledger';
import { type Command, CommandFailed } from './command.js';

/** So many produce everything that can be produced; fewer are not blamed for what they miss. */
const STEPS_FOR_ALL = 200_000;

/** `stuiver simulate --seed N --steps M`: the ledger's writers against a naive model, with faults, in memory. */
export const simulateCommand: Command = {
  words: ['simulate'],
  usage: '[--seed N] [--steps M]  holds the ledger against a naive model, with faults',
  run: async (args) => {
    const { values } = parseArgs({
      args: [...args],
      options: { seed: { type: 'string' }, steps: { type: 'string' } },
    });
    const seed = wholeOf(values.seed ?? '1', 'seed');
    const steps = wholeOf(values.steps ?? String(STEPS_FOR_ALL), 'steps');
    process.stdout.write(`seed ${String(seed)}\n`);
    const done = await simulate({ seed, steps });
    const { text, isWhole } = printSimulation(done, { seed, needsAll: steps >= STEPS_FOR_ALL });
    process.stdout.write(text);
    return isWhole ? 0 : 1;
  },
};

function wholeOf(text: string, name: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= 0) return number;
  throw new CommandFailed(`--${name} must be a whole number, not "${text}"`);
}
