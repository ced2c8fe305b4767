import { z } from 'zod';
import { Money } from '@stuiver/money';
import { type Command, CommandFailed } from './command.js';
import { operatorClient } from './operator-client.js';

const Account = z.object({
  account: z.string(),
  currency: z.literal('EUR'),
  balanceMinor: z.string(),
  version: z.string(),
});
const Trial = z.object({ differenceMinor: z.string(), accounts: z.array(Account) });

/** `stuiver ledger balance [account]`: one account, or the trial balance; fails when debits and credits differ. */
export const ledgerBalanceCommand: Command = {
  words: ['ledger', 'balance'],
  usage: '[account]  a balance, or the trial balance of all accounts',
  run: async (args) => {
    const client = await operatorClient();
    const [account] = args;
    if (account !== undefined) {
      print(
        Account.parse(
          await client.call('GET', `/operator/ledger/accounts/${encodeURIComponent(account)}`),
        ),
      );
      return 0;
    }
    const trial = Trial.parse(await client.call('GET', '/operator/ledger/trial-balance'));
    trial.accounts.forEach(print);
    process.stdout.write(`difference ${trial.differenceMinor}\n`);
    if (trial.differenceMinor !== '0') throw new CommandFailed('debits and credits differ');
    return 0;
  },
};

function print(account: z.infer<typeof Account>): void {
  const amount = Money.ofMinor(BigInt(account.balanceMinor), account.currency).toMajorText();
  process.stdout.write(
    `${account.account.padEnd(52)} ${account.currency} ${amount.padStart(14)}  v${account.version}\n`,
  );
}
