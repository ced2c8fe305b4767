import { parseArgs } from 'node:util';
import { z } from 'zod';
import { type Command } from './command.js';
import { operatorClient } from './operator-client.js';

const DEMO_MAKER = 'demo-maker';
const DEMO_CHECKER = 'demo-checker';
const Summary = z.object({ batch: z.unknown(), held: z.array(z.unknown()), message: z.string() });

/** `stuiver payout run --date today`: closes every merchant's settlement, pays it out and writes the bank's file. */
export const payoutRunCommand: Command = {
  words: ['payout', 'run'],
  usage: '[--date today] [--maker M] [--checker C]  settles, approves and exports now',
  run: async (args) => {
    const { values } = parseArgs({
      args: [...args],
      options: {
        date: { type: 'string', default: 'today' },
        maker: { type: 'string', default: DEMO_MAKER },
        checker: { type: 'string', default: DEMO_CHECKER },
      },
    });
    const client = await operatorClient();
    const answer = await client.call('POST', '/operator/payouts/run', values);
    const { batch, held, message } = Summary.parse(answer);
    const isNothing = batch === null && held.length === 0;
    process.stdout.write(`${isNothing ? message : JSON.stringify(answer, null, 2)}\n`);
    return 0;
  },
};
