import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { type Command, CommandFailed } from './command.js';
import { operatorClient } from './operator-client.js';

const Erased = z.object({ user_id: z.string(), erased_at: z.string(), now: z.boolean() });

/**
 * `stuiver person erase <user id> [--yes]`: removes who a payer is, for ever. The books keep ids, amounts and hashes, and
 * stay whole. Refused while they have money here.
 */
export const personEraseCommand: Command = {
  words: ['person', 'erase'],
  usage: '<user id> [--yes]  removes who a payer is, for ever; the books stay whole',
  run: async (args) => {
    const { values, positionals } = parseArgs({
      ...{ args: [...args], options: { yes: { type: 'boolean' } }, allowPositionals: true },
    });
    const [userId] = positionals;
    if (userId === undefined) throw new CommandFailed('whom? person erase usr_…');
    const client = await operatorClient();
    if (values.yes !== true) await confirm(userId);
    const path = `/operator/people/${encodeURIComponent(userId)}/erase`;
    const { erased_at: erasedAt, now } = Erased.parse(await client.call('POST', path));
    const words = now ? 'is erased' : `was erased on ${erasedAt}`;
    process.stdout.write(`${userId} ${words}\n`);
    return 0;
  },
};

/** @throws CommandFailed unless the person at the keyboard types the id again. */
async function confirm(userId: string): Promise<void> {
  if (!process.stdin.isTTY) {
    throw new CommandFailed('this is for ever: add --yes when nobody is there to be asked');
  }
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const question = `Name, PIN, sessions and what payments say of ${userId} go, for ever.\nType the id again to do it: `;
  const typed = await terminal.question(question);
  terminal.close();
  if (typed.trim() !== userId) throw new CommandFailed('nothing was erased');
}
