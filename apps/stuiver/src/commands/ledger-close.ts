import { z } from 'zod';
import { type Command, CommandFailed } from './command.js';
import { operatorClient } from './operator-client.js';

const Result = z.object({
  outcome: z.enum(['posted', 'refused']),
  bookedAt: z.string(),
  code: z.string().optional(),
  firstOpenAt: z.string().optional(),
});

/** `stuiver ledger close <month>`: nothing takes effect in that month or before it any more. There is no way back. */
export const ledgerCloseCommand: Command = {
  words: ['ledger', 'close'],
  usage: '<month>  closes a month that is over, as 2026-10, for ever',
  run: async ([month]) => {
    if (month === undefined) throw new CommandFailed('which month? ledger close 2026-10');
    const client = await operatorClient();
    const path = `/operator/ledger/periods/${encodeURIComponent(month)}/close`;
    const { outcome, bookedAt, code, firstOpenAt } = Result.parse(await client.call('POST', path));
    if (outcome === 'refused') {
      throw new CommandFailed(`${code ?? ''}: the books are open from ${firstOpenAt ?? ''} on`);
    }
    process.stdout.write(`${month} is closed since ${bookedAt}\n`);
    return 0;
  },
};
