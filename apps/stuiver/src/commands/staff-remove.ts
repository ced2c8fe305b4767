import { parseArgs } from 'node:util';
import { z } from 'zod';
import { type Command, CommandFailed } from './command.js';
import { operatorClient } from './operator-client.js';

const Listed = z.object({
  items: z.array(
    z.object({
      staff_id: z.string(),
      email: z.string(),
      roles: z.array(z.string()),
      merchants: z.array(z.string()),
    }),
  ),
});

/** `stuiver staff remove --email …`: signs a person out everywhere, within a quarter of an hour, for good. */
export const staffRemoveCommand: Command = {
  words: ['staff', 'remove'],
  usage: '--email E  takes a person out of the staff',
  run: async (args) => {
    const { values } = parseArgs({ args: [...args], options: { email: { type: 'string' } } });
    const email = values.email?.trim().toLowerCase();
    if (email === undefined) throw new CommandFailed('--email is needed');
    const client = await operatorClient();
    const { items } = Listed.parse(await client.call('GET', '/operator/staff'));
    const person = items.find((item) => item.email === email);
    if (person === undefined) throw new CommandFailed(`nobody of the staff has ${email}`);
    const { staff_id: id, roles, merchants } = person;
    await client.call('PUT', `/operator/staff/${id}`, { roles, merchants, disabled: true });
    process.stdout.write(`${id} ${email} is removed\n`);
    return 0;
  },
};
