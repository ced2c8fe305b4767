import { parseArgs } from 'node:util';
import { type Command } from './command.js';
import { operatorClient } from './operator-client.js';

const DEMO_MAKER = 'demo-maker';
const DEMO_CHECKER = 'demo-checker';

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
    const summary = await client.call('POST', '/operator/payouts/run', values);
    process.stdout.write(`${JSON.stringify(summary, null, 2)}\n`);
    return 0;
  },
};
