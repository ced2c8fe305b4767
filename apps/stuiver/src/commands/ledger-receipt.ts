import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { type Receipt, verifyReceipt } from '@stuiver/proof';
import { type Command, CommandFailed } from './command.js';
import { operatorClient } from './operator-client.js';

/** `stuiver ledger receipt <command id|transfer number>`: a receipt as JSON, on standard output. */
const receipt: Command = {
  words: ['ledger', 'receipt'],
  usage: '<command id|transfer number>  what proves to others that it is booked, as JSON',
  run: async ([which]) => {
    if (which === undefined) throw new CommandFailed('say which command or transfer');
    const client = await operatorClient();
    const made = await client.call('GET', `/operator/ledger/receipts/${encodeURIComponent(which)}`);
    process.stdout.write(`${JSON.stringify(made, null, 2)}\n`);
    return 0;
  },
};

/** `stuiver ledger checkpoint`: signs where the books stand now. */
const checkpoint: Command = {
  words: ['ledger', 'checkpoint'],
  usage: 'sign where the books stand now',
  run: async () => {
    const client = await operatorClient();
    const made = await client.call('POST', '/operator/ledger/checkpoints');
    process.stdout.write(`${JSON.stringify(made)}\n`);
    return 0;
  },
};

/** `stuiver receipt verify <file> --key <file>`: checks a receipt with nothing but itself and our public key. */
const verify: Command = {
  words: ['receipt', 'verify'],
  usage: '<file> --key <public key, PEM>  check a receipt; it needs no Stuiver and no network',
  run: async (args) => {
    const { values, positionals } = parseArgs({
      ...{ args: [...args], options: { key: { type: 'string' } }, allowPositionals: true },
    });
    const [file] = positionals;
    if (file === undefined) throw new CommandFailed('say which file');
    if (values.key === undefined) throw new CommandFailed('--key names the file of the public key');
    const [text, key] = await Promise.all([file, values.key].map(read));
    const steps = await stepsOf(text ?? '', key ?? '');
    for (const { what, holds } of steps)
      process.stdout.write(`${holds ? 'ok  ' : 'BAD '} ${what}\n`);
    const isGood = steps.every(({ holds }) => holds);
    process.stdout.write(isGood ? 'good\n' : 'BAD: this receipt proves nothing\n');
    return isGood ? 0 : 1;
  },
};

export const PROOF_COMMANDS: readonly Command[] = [receipt, checkpoint, verify];

async function stepsOf(text: string, key: string): ReturnType<typeof verifyReceipt> {
  try {
    return await verifyReceipt(JSON.parse(text) as Receipt, key);
  } catch (error) {
    throw new CommandFailed(`this is no receipt, or no Ed25519 key in PEM: ${String(error)}`);
  }
}

async function read(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: unknown) => {
    throw new CommandFailed(String(error));
  });
}
