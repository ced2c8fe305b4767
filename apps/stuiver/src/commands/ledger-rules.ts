import { z } from 'zod';
import { type Command, CommandFailed } from './command.js';
import { major, query } from './ledger-print.js';
import { operatorClient } from './operator-client.js';

const Rules = z.object({
  state: z.string(),
  floorMinor: z.string().nullable(),
  ceilingMinor: z.string().nullable(),
  limits: z.array(z.object({ name: z.string(), limit: z.unknown() })),
});
const Holds = z.object({
  holds: z.array(
    z.object({ holdId: z.string(), remainingMinor: z.string(), expiresAt: z.string().nullable() }),
  ),
  next: z.string().nullable(),
});

/** `stuiver ledger rules <account>`: its state, floor and ceiling, the velocity limits about it, what it holds. */
export const ledgerRulesCommand: Command = {
  words: ['ledger', 'rules'],
  usage: '<account>  its state, floor, ceiling, velocity limits and open holds',
  run: async ([account]) => {
    if (account === undefined) throw new CommandFailed('which account? ledger rules <account>');
    const client = await operatorClient();
    const path = `/operator/ledger/accounts/${encodeURIComponent(account)}`;
    const found = Rules.parse(await client.call('GET', `${path}/rules`));
    const { state, floorMinor, ceilingMinor, limits } = found;
    const floor = floorMinor === null ? "the chart's" : major(floorMinor);
    const ceiling = ceilingMinor === null ? 'none' : major(ceilingMinor);
    process.stdout.write(`${state}; floor ${floor}; ceiling ${ceiling}\n`);
    for (const { name, limit } of limits) {
      process.stdout.write(`limit ${name}  ${JSON.stringify(limit)}\n`);
    }
    let after: string | undefined;
    do {
      const page = Holds.parse(await client.call('GET', `${path}/holds${query({ after })}`));
      for (const { holdId, remainingMinor, expiresAt } of page.holds) {
        const end = expiresAt === null ? 'never expires' : `expires ${expiresAt}`;
        process.stdout.write(`hold ${holdId}  ${major(remainingMinor).padStart(14)}  ${end}\n`);
      }
      after = page.next ?? undefined;
    } while (after !== undefined);
    return 0;
  },
};
