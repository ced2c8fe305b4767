import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { type Command, CommandFailed } from './command.js';
import { type OperatorClient, operatorClient } from './operator-client.js';

const Statements = z.object({
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
const Answer = z.object({
  repeated: z.boolean(),
  accepted: z.number(),
  rejected: z.number(),
  contradicting: z.number(),
});

/** A message says what it is in its first element. */
const HEAD_BYTES = 4_096;
const IS_ANSWER = /xsd:pain\.002\.001\.\d\d/;

/**
 * `stuiver reconcile import <file.xml>…`: what the bank tells, statements (camt.053) oldest first and its answers to our
 * files (pain.002). Again does no harm.
 */
export const reconcileImportCommand: Command = {
  words: ['reconcile', 'import'],
  usage:
    '<file.xml>…  takes the bank’s statements (camt.053), oldest first, and answers (pain.002)',
  run: async (args) => {
    if (args.length === 0) {
      throw new CommandFailed('name at least one file: camt.053 or pain.002, XML');
    }
    const client = await operatorClient();
    for (const path of args) {
      const content = await readFile(path).catch(() => {
        throw new CommandFailed(`${path} cannot be read`);
      });
      const isAnswer = IS_ANSWER.test(content.subarray(0, HEAD_BYTES).toString('utf8'));
      const lines = isAnswer ? await sendAnswer(client, content) : await send(client, content);
      for (const line of lines) process.stdout.write(`${path}: ${line}\n`);
    }
    return 0;
  },
};

async function send(
  client: OperatorClient,
  content: Buffer<ArrayBuffer>,
): Promise<readonly string[]> {
  const file = { content, type: 'application/xml' };
  const { statements } = Statements.parse(
    await client.send('/operator/reconciliation/statements', file),
  );
  return statements.map(({ sequence, fromDay, toDay, lines, repeated }) => {
    const days = fromDay === toDay ? toDay : `${fromDay} to ${toDay}`;
    const what = repeated ? 'was imported before' : `imported, ${lines} lines`;
    return `statement ${sequence} of ${days} ${what}`;
  });
}

async function sendAnswer(
  client: OperatorClient,
  content: Buffer<ArrayBuffer>,
): Promise<readonly string[]> {
  const file = { content, type: 'application/xml' };
  const answer = Answer.parse(await client.send('/operator/reconciliation/bank-answers', file));
  const { accepted, rejected, contradicting, repeated } = answer;
  const doubt = contradicting === 0 ? '' : `, ${contradicting} against a statement: look at them`;
  const when = repeated ? 'was imported before' : 'imported';
  return [`answer ${when}: ${accepted} accepted, ${rejected} rejected${doubt}`];
}
