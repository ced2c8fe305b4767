import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { type Command, CommandFailed } from './command.js';
import { operatorClient } from './operator-client.js';

/** `stuiver price-list show <merchant|standard>`: every version, and which one holds. */
const showCommand: Command = {
  words: ['price-list', 'show'],
  usage: '<merchant|standard>  what payments cost, version by version',
  run: async (args) => {
    const list = oneOf(args, 'name a merchant or standard');
    const client = await operatorClient();
    print(await client.call('GET', `/operator/price-lists/${encodeURIComponent(list)}`));
    return 0;
  },
};

/** `stuiver price-list set <merchant|standard> file.json --maker M`: proposes a version, for another to approve. */
const setCommand: Command = {
  words: ['price-list', 'set'],
  usage: '<merchant|standard> prices.json --maker M  proposes prices from a coming moment',
  run: async (args) => {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { maker: { type: 'string' } },
    });
    const [list, file] = positionals;
    if (list === undefined || file === undefined || values.maker === undefined) {
      throw new CommandFailed('a merchant or standard, a file and --maker are needed');
    }
    const prices = await jsonIn(file);
    const client = await operatorClient();
    const path = `/operator/price-lists/${encodeURIComponent(list)}/versions`;
    print(await client.call('POST', path, { ...prices, maker: values.maker }));
    return 0;
  },
};

function decideCommand(verb: 'approve' | 'reject', usage: string): Command {
  return {
    words: ['price-list', verb],
    usage,
    run: async (args) => {
      const { values, positionals } = parseArgs({
        args: [...args],
        allowPositionals: true,
        options: { checker: { type: 'string' } },
      });
      const id = oneOf(positionals, 'name a version');
      if (values.checker === undefined) throw new CommandFailed('--checker is needed');
      const client = await operatorClient();
      const path = `/operator/price-lists/versions/${encodeURIComponent(id)}/${verb}`;
      print(await client.call('POST', path, { checker: values.checker }));
      return 0;
    },
  };
}

export const PRICE_LIST_COMMANDS: readonly Command[] = [
  showCommand,
  setCommand,
  decideCommand('approve', '<version> --checker C  agrees to proposed prices, as another person'),
  decideCommand('reject', '<version> --checker C  turns proposed prices down'),
];

function oneOf([first]: readonly string[], otherwise: string): string {
  if (first === undefined) throw new CommandFailed(otherwise);
  return first;
}

function print(answer: unknown): void {
  process.stdout.write(`${JSON.stringify(answer, null, 2)}\n`);
}

/** @throws CommandFailed for what is no JSON object. */
async function jsonIn(file: string): Promise<object> {
  const text = await readFile(file, 'utf8').catch(() => {
    throw new CommandFailed(`${file} cannot be read`);
  });
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch (error) {
    throw new CommandFailed(`${file} is no JSON: ${String(error)}`);
  }
  throw new CommandFailed(`${file} holds no JSON object`);
}
