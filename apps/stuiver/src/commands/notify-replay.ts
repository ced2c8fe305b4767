import { type Command, CommandFailed } from './command.js';
import { operatorClient } from './operator-client.js';

/** `stuiver notify replay <id>`: sends a notification again now, whatever became of it. */
export const notifyReplayCommand: Command = {
  words: ['notify', 'replay'],
  usage: '<notification id>  sends it again now',
  run: async ([id]) => {
    if (id === undefined) throw new CommandFailed('which notification? Its id is in the log');
    const client = await operatorClient();
    const answer = await client.call(
      'POST',
      `/operator/notifications/${encodeURIComponent(id)}/replay`,
      {},
    );
    process.stdout.write(`${JSON.stringify(answer, null, 2)}\n`);
    return 0;
  },
};
