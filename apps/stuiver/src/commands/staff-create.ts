import { parseArgs } from 'node:util';
import { z } from 'zod';
import { type Command, CommandFailed } from './command.js';
import { operatorClient } from './operator-client.js';

const Invited = z.object({ staff_id: z.string(), invitation_url: z.string().nullish() });

/**
 * `stuiver staff create --email … --name … --roles finance,operator [--merchant 1900000001]…`: invites a person by
 * mail. In the sandbox the link is printed as well. Safe to repeat: who has not come yet is invited again.
 */
export const staffCreateCommand: Command = {
  words: ['staff', 'create'],
  usage: '--email E --name N --roles R,… [--merchant M]…  invites a person',
  run: async (args) => {
    const { values } = parseArgs({
      args: [...args],
      options: {
        email: { type: 'string' },
        name: { type: 'string' },
        roles: { type: 'string' },
        merchant: { type: 'string', multiple: true },
      },
    });
    const { email, name, roles, merchant: merchants = [] } = values;
    if (email === undefined || name === undefined || roles === undefined) {
      throw new CommandFailed('--email, --name and --roles are needed');
    }
    const client = await operatorClient();
    const body = { email, name, roles: roles.split(','), merchants };
    const invited = Invited.parse(await client.call('POST', '/operator/staff', body));
    process.stdout.write(`${wordsOf(invited, email)}\n`);
    return 0;
  },
};

function wordsOf(invited: z.infer<typeof Invited>, email: string): string {
  const { staff_id: id, invitation_url: link } = invited;
  if (link === null) return `${id} ${email} can sign in`;
  const words = `${id} a link to choose a password goes to ${email}`;
  return link === undefined ? words : `${words}\n${link}`;
}
