import { type Command, CommandFailed } from './command.js';
import { operatorClient } from './operator-client.js';

/** `stuiver fee-invoice make 2026-11`: what a clock runs on the first of the month; again makes what is missing. */
export const feeInvoiceCommand: Command = {
  words: ['fee-invoice', 'make'],
  usage: '<month>  makes the missing invoices of a month that is over',
  run: async ([month]) => {
    if (month === undefined) throw new CommandFailed('name a month, such as 2026-11');
    const client = await operatorClient();
    const answer = await client.call('POST', '/operator/fee-invoices', { month });
    process.stdout.write(`${JSON.stringify(answer, null, 2)}\n`);
    return 0;
  },
};
