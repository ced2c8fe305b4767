import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { errorCode } from '@stuiver/errors';
import { Money } from '@stuiver/money';
import { type BankClient, bankClient } from './bank-client.js';
import { type Command, CommandFailed } from './command.js';

const FileAnswer = z.object({
  status: z.enum(['accepted', 'refused']),
  msg_id: z.string().nullable(),
  duplicate: z.boolean(),
  reason: z.string().nullable(),
  payments: z.number(),
  execution_day: z.string().nullable(),
});
const Clock = z.object({ day: z.string() });
const Statements = z.object({
  statements: z.array(
    z.object({
      id: z.string(),
      iban: z.string(),
      sequence: z.string(),
      day: z.string(),
      opening_minor: z.string(),
      closing_minor: z.string(),
    }),
  ),
});
const Accounts = z.object({
  accounts: z.array(z.object({ iban: z.string(), name: z.string(), balance_minor: z.string() })),
});

/** `stuiver bank pay <file|batch id>`: brings an exported payout file to the bank of the sandbox. */
const pay: Command = {
  words: ['bank', 'pay'],
  usage: '<file|batch id>  brings a payout file to the sandbox’s bank',
  run: async (args) => {
    const [given] = only(args, 1, 'bank pay <file|batch id>');
    const bank = await bankClient();
    const content = await payoutFile(bank, given ?? '');
    const { text } = await bank.call('POST', '/bank/payments', { content, taken: [422] });
    const answer = FileAnswer.parse(JSON.parse(text));
    if (answer.status === 'refused') throw new CommandFailed(`refused: ${answer.reason ?? ''}`);
    const again = answer.duplicate ? ' (the bank had it already)' : '';
    const { msg_id: id, payments, execution_day: day } = answer;
    say(`accepted ${id ?? ''}: ${payments} payments for ${day ?? ''}${again}`);
    return 0;
  },
};

/** A file by its name, or a batch by its id. */
async function payoutFile({ dataDir }: BankClient, given: string): Promise<Uint8Array> {
  for (const path of [resolve(given), join(dataDir, 'payouts', `${given}.xml`)]) {
    try {
      return await readFile(path);
    } catch (error) {
      if (!['ENOENT', 'EISDIR', 'ENOTDIR'].includes(errorCode(error) ?? '')) throw error;
    }
  }
  throw new CommandFailed(`neither a file nor a batch in ${join(dataDir, 'payouts')}: ${given}`);
}

/** `stuiver bank plan <endToEndId> reject|return <code>`: what shall become of one payment. */
const plan: Command = {
  words: ['bank', 'plan'],
  usage: '<endToEndId> pay|reject|return [code] [--after days]  decides what becomes of a payment',
  run: async (args) => {
    const options = { after: { type: 'string', default: '1' } } as const;
    const { values, positionals } = parseArgs({
      ...{ args: [...args], options, allowPositionals: true },
    });
    const usage = 'bank plan <endToEndId> pay|reject|return [code] [--after days]';
    const [id = '', outcome = '', code] = only(positionals, 2, usage, 3);
    const after = wholeNumber(values.after, '--after');
    const content = JSON.stringify({
      outcome,
      after_days: after,
      ...(code === undefined ? {} : { code }),
    });
    const bank = await bankClient();
    await bank.call('POST', `/bank/plans/${encodeURIComponent(id)}`, { content });
    say(`${id}: ${outcome}${code === undefined ? '' : ` ${code}`}`);
    return 0;
  },
};

/** `stuiver bank day [n|date]`: ends the bank's day, or so many, or all before a date. */
const day: Command = {
  words: ['bank', 'day'],
  usage: '[n|date]  moves the sandbox’s clock ahead, by one day unless told',
  run: async (args) => {
    const [to = '1'] = only(args, 0, 'bank day [n|date]', 1);
    const move = /^\d{4}-\d{2}-\d{2}$/.test(to)
      ? { day: to }
      : { advance_days: wholeNumber(to, 'the number of days') };
    const bank = await bankClient();
    const { text } = await bank.call('POST', '/bank/clock', { content: JSON.stringify(move) });
    say(`it is ${Clock.parse(JSON.parse(text)).day} at the bank`);
    return 0;
  },
};

/** `stuiver bank statements [--to folder]`: lists the bank's statements, or writes each as a file. */
const statements: Command = {
  words: ['bank', 'statements'],
  usage: '[--iban I] [--to folder]  lists the statements, or writes them as camt.053 files',
  run: async (args) => {
    const options = { iban: { type: 'string' }, to: { type: 'string' } } as const;
    const { values } = parseArgs({ args: [...args], options });
    const bank = await bankClient();
    const query = values.iban === undefined ? '' : `?iban=${encodeURIComponent(values.iban)}`;
    const { text } = await bank.call('GET', `/bank/statements${query}`);
    const list = Statements.parse(JSON.parse(text)).statements;
    if (values.to !== undefined) await mkdir(values.to, { recursive: true });
    for (const each of list) {
      const span = `${inEuros(each.opening_minor)} → ${inEuros(each.closing_minor)}`;
      if (values.to === undefined) {
        say(`${each.id}  ${each.iban}  no. ${each.sequence}  ${each.day}  ${span}`);
        continue;
      }
      const file = join(values.to, `${each.id}.xml`);
      const xml = await bank.call('GET', `/bank/statements/${encodeURIComponent(each.id)}`);
      await writeFile(file, xml.text, 'utf8');
      say(file);
    }
    if (list.length === 0) say('no statement yet: end a day with "stuiver bank day"');
    return 0;
  },
};

/** `stuiver bank answer <batch id> [--to folder]`: what the bank says about a file that it was given, as pain.002. */
const answer: Command = {
  words: ['bank', 'answer'],
  usage: '<batch id> [--to folder]  writes what the bank says about a file, as pain.002',
  run: async (args) => {
    const options = { to: { type: 'string' } } as const;
    const parsed = parseArgs({ args: [...args], options, allowPositionals: true });
    const [batch = ''] = only(parsed.positionals, 1, 'bank answer <batch id> [--to folder]');
    const bank = await bankClient();
    const path = `/bank/payments/${encodeURIComponent(batch.replace('_', '-'))}`;
    const { text } = await bank.call('GET', path, { accept: 'application/xml' });
    const { to } = parsed.values;
    if (to === undefined) {
      say(text.trimEnd());
      return 0;
    }
    await mkdir(to, { recursive: true });
    const file = join(to, `${batch}-pain.002.xml`);
    await writeFile(file, text, 'utf8');
    say(file);
    return 0;
  },
};

/** `stuiver bank accounts`: the accounts of the sandbox's bank with what is booked on them. */
const accounts: Command = {
  words: ['bank', 'accounts'],
  usage: 'shows the accounts of the sandbox’s bank',
  run: async (args) => {
    only(args, 0, 'bank accounts');
    const bank = await bankClient();
    const { text } = await bank.call('GET', '/bank/accounts');
    for (const { iban, name, balance_minor: minor } of Accounts.parse(JSON.parse(text)).accounts) {
      say(`${iban}  ${inEuros(minor).padStart(14)}  ${name}`);
    }
    return 0;
  },
};

export const BANK_COMMANDS: readonly Command[] = [pay, answer, plan, day, statements, accounts];

/** @throws CommandFailed with the usage when it is fewer or more. */
function only(
  args: readonly string[],
  min: number,
  usage: string,
  max: number = min,
): readonly string[] {
  if (args.length >= min && args.length <= max) return args;
  throw new CommandFailed(`usage: stuiver ${usage}`);
}

function wholeNumber(text: string, what: string): number {
  if (/^\d{1,3}$/.test(text)) return Number(text);
  throw new CommandFailed(`${what} must be a whole number, not "${text}"`);
}

function inEuros(minor: string): string {
  return Money.ofMinor(BigInt(minor), 'EUR').toMajorText();
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
