import { z } from 'zod';
import { Money } from '@stuiver/money';
import type { Command } from './command.js';
import { operatorClient } from './operator-client.js';

const Side = z.object({ amountMinor: z.string() });
const Status = z.object({
  explained: z.boolean(),
  rows: z.array(
    z.object({
      name: z.string(),
      outside: Side.extend({ label: z.string() }),
      ledger: Side.extend({ account: z.string() }),
      differenceMinor: z.string(),
      explainedMinor: z.string(),
    }),
  ),
  openItems: z.array(
    z.object({
      kind: z.string(),
      subject: z.string(),
      amountMinor: z.string().nullable(),
      since: z.string(),
      dueAt: z.string().nullable(),
      explanation: z.string(),
    }),
  ),
});

/** `stuiver reconcile status`: whether PSP, ledger and bank add up, and what is open; fails when they do not. */
export const reconcileStatusCommand: Command = {
  words: ['reconcile', 'status'],
  usage: 'whether PSP, ledger and bank add up, and what is open',
  run: async () => {
    const client = await operatorClient();
    const status = Status.parse(await client.call('GET', '/operator/reconciliation'));
    line(['equation', 'outside', 'ledger', 'difference', 'explained']);
    for (const { name, outside, ledger, differenceMinor, explainedMinor } of status.rows) {
      const amounts = [outside.amountMinor, ledger.amountMinor, differenceMinor, explainedMinor];
      line([name, ...amounts.map(euros)]);
      process.stdout.write(`    ${outside.label} against ${ledger.account}\n`);
    }
    for (const item of status.openItems) {
      const { kind, subject, amountMinor, since, dueAt, explanation } = item;
      const amount = amountMinor === null ? '' : euros(amountMinor);
      const state = dueAt === null ? `open since ${since}` : `under way until ${dueAt}`;
      process.stdout.write(`\n${kind}  ${subject}  ${amount}\n    ${state}: ${explanation}\n`);
    }
    process.stdout.write(
      status.explained
        ? '\nEverything adds up: each difference is an open item or 0.00.\n'
        : '\nNOT EXPLAINED: a difference has no open item. Someone must look.\n',
    );
    return status.explained ? 0 : 1;
  },
};

const NAME_CHARACTERS = 14;
const AMOUNT_CHARACTERS = 16;

function line([name = '', ...amounts]: readonly string[]): void {
  const cells = amounts.map((amount) => amount.padStart(AMOUNT_CHARACTERS));
  process.stdout.write(`${name.padEnd(NAME_CHARACTERS)}${cells.join('')}\n`);
}

function euros(minor: string): string {
  return Money.ofMinor(BigInt(minor), 'EUR').toMajorText();
}
