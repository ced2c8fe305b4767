import { parseArgs } from 'node:util';
import { z } from 'zod';
import { type Command, CommandFailed } from './command.js';
import { major, query } from './ledger-print.js';
import { ledgerRulesCommand } from './ledger-rules.js';
import { type OperatorClient, operatorClient } from './operator-client.js';

const Account = z.object({
  account: z.string(),
  currency: z.literal('EUR'),
  balanceMinor: z.string(),
  version: z.string().nullish(),
});
const Trial = z.object({ differenceMinor: z.string(), accounts: z.array(Account) });
const Balances = z.object({ balances: z.array(Account), next: z.string().nullable() });
const Days = z.object({
  days: z.array(
    z.object({
      day: z.string(),
      debitMinor: z.string(),
      creditMinor: z.string(),
      transfers: z.string(),
      closingMinor: z.string(),
    }),
  ),
});

const MOMENT = { at: { type: 'string' }, clock: { type: 'string' } } as const;

/**
 * `stuiver ledger balance [account] [--at <instant>] [--clock booking|effective]`: one account, or the trial balance, now
 * or at a moment; fails when debits and credits differ.
 */
const balance: Command = {
  words: ['ledger', 'balance'],
  usage: '[account] [--at instant] [--clock booking|effective]  a balance, or the trial balance',
  run: async (args) => {
    const { values, positionals } = parseArgs({
      ...{ args: [...args], options: MOMENT, allowPositionals: true },
    });
    const [account] = positionals;
    if (values.clock !== undefined && values.at === undefined) {
      throw new CommandFailed('--clock belongs to a moment: say --at too, as 2026-11-30T23:00:00Z');
    }
    const client = await operatorClient();
    if (account !== undefined) {
      const path = `/operator/ledger/accounts/${encodeURIComponent(account)}`;
      const at = values.at === undefined ? '' : `/balance${query(values)}`;
      print(Account.parse(await client.call('GET', `${path}${at}`)));
      return 0;
    }
    return printTrial(client, query(values));
  },
};

async function printTrial(client: OperatorClient, at: string): Promise<number> {
  const trial = Trial.parse(await client.call('GET', `/operator/ledger/trial-balance${at}`));
  trial.accounts.forEach(print);
  process.stdout.write(`difference ${trial.differenceMinor}\n`);
  if (trial.differenceMinor !== '0') throw new CommandFailed('debits and credits differ');
  return 0;
}

/** `stuiver ledger balances`: the accounts that fit, in the order of their names. */
const balances: Command = {
  words: ['ledger', 'balances'],
  usage: '[--prefix name] [--owner owner] [--non-zero]  accounts that fit',
  run: async (args) => {
    const options = {
      prefix: { type: 'string' },
      owner: { type: 'string' },
      'non-zero': { type: 'boolean' },
    } as const;
    const { values } = parseArgs({ args: [...args], options });
    const { prefix, owner } = values;
    const client = await operatorClient();
    let after: string | undefined;
    do {
      const nonZero = values['non-zero'] === true ? 'true' : undefined;
      const path = `/operator/ledger/balances${query({ prefix, owner, nonZero, after, limit: '1000' })}`;
      const page = Balances.parse(await client.call('GET', path));
      page.balances.forEach(print);
      after = page.next ?? undefined;
    } while (after !== undefined);
    return 0;
  },
};

/** `stuiver ledger days <account>`: what it moved day by day. */
const days: Command = {
  words: ['ledger', 'days'],
  usage: '<account> [--from day] [--to day] [--clock booking|effective]  what it moved by day',
  run: async (args) => {
    const options = {
      from: { type: 'string' },
      to: { type: 'string' },
      clock: MOMENT.clock,
    } as const;
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    const [account] = positionals;
    if (account === undefined) throw new CommandFailed('which account? ledger days <account>');
    const client = await operatorClient();
    const path = `/operator/ledger/accounts/${encodeURIComponent(account)}/days${query(values)}`;
    for (const day of Days.parse(await client.call('GET', path)).days) {
      const [debit, credit, closing] = [day.debitMinor, day.creditMinor, day.closingMinor].map(
        (minor) => major(minor).padStart(14),
      );
      process.stdout.write(
        `${day.day}  debit ${debit ?? ''}  credit ${credit ?? ''}  closing ${closing ?? ''}  ${day.transfers} transfers\n`,
      );
    }
    return 0;
  },
};

/** `stuiver ledger show <transfer number|command id>`: a transfer, or a command with all it did, as JSON. */
const show: Command = {
  words: ['ledger', 'show'],
  usage: '<transfer number|command id>  what was booked',
  run: async ([which = '']) => {
    const client = await operatorClient();
    const kind = /^\d+$/.test(which) ? 'transfers' : 'commands';
    const path = `/operator/ledger/${kind}/${encodeURIComponent(which)}`;
    process.stdout.write(`${JSON.stringify(await client.call('GET', path), null, 2)}\n`);
    return 0;
  },
};

export const LEDGER_READ_COMMANDS: readonly Command[] = [
  balance,
  balances,
  days,
  ledgerRulesCommand,
  show,
];

function print({ account, currency, balanceMinor, version }: z.infer<typeof Account>): void {
  const amount = major(balanceMinor).padStart(14);
  const entry = version === null || version === undefined ? '' : `  v${version}`;
  process.stdout.write(`${account.padEnd(52)} ${currency} ${amount}${entry}\n`);
}
