import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { type Command, CommandFailed } from './command.js';
import { operatorClient } from './operator-client.js';

const Answer = z.object({
  statements: z.array(
    z.object({
      sequence: z.string(),
      fromDay: z.string(),
      toDay: z.string(),
      lines: z.number(),
      repeated: z.boolean(),
    }),
  ),
});

/** `stuiver reconcile import <file.xml>…`: the bank's statements, oldest first. Again does no harm. */
export const reconcileImportCommand: Command = {
  words: ['reconcile', 'import'],
  usage: '<file.xml>…  takes the bank’s statements (camt.053), oldest first',
  run: async (args) => {
    if (args.length === 0) throw new CommandFailed('name at least one file: camt.053, XML');
    const client = await operatorClient();
    for (const path of args) {
      const content = await readFile(path).catch(() => {
        throw new CommandFailed(`${path} cannot be read`);
      });
      const answer = await client.send('/operator/reconciliation/statements', {
        content,
        type: 'application/xml',
      });
      for (const statement of Answer.parse(answer).statements) {
        const { sequence, fromDay, toDay, lines, repeated } = statement;
        const days = fromDay === toDay ? toDay : `${fromDay} to ${toDay}`;
        const what = repeated ? 'was imported before' : `imported, ${lines} lines`;
        process.stdout.write(`${path}: statement ${sequence} of ${days} ${what}\n`);
      }
    }
    return 0;
  },
};
