import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { type Command, CommandFailed } from './command.js';
import { operatorClient } from './operator-client.js';

/**
 * `stuiver merchant create --name … --csr file.pem [--iban … --maker … --checker …] [--mchid …]`: signs the merchant's own request, so its
 * private key never leaves it, and prints what its SDK needs as JSON.
 */
export const merchantCreateCommand: Command = {
  words: ['merchant', 'create'],
  usage:
    '--name N --csr request.pem [--mchid M] [--iban I --maker N --checker N]  a merchant from its signing request',
  run: async (args) => {
    const { values } = parseArgs({
      args: [...args],
      options: {
        name: { type: 'string' },
        csr: { type: 'string' },
        mchid: { type: 'string' },
        iban: { type: 'string' },
        maker: { type: 'string' },
        checker: { type: 'string' },
      },
    });
    if (values.name === undefined || values.csr === undefined) {
      throw new CommandFailed('--name and --csr are needed');
    }
    if (
      values.iban !== undefined &&
      !(values.maker !== undefined && values.checker !== undefined)
    ) {
      throw new CommandFailed(
        '--iban needs --maker and --checker: two people say where money goes',
      );
    }
    const csrPem = await readFile(values.csr, 'utf8').catch(() => {
      throw new CommandFailed(`--csr: ${values.csr ?? ''} cannot be read`);
    });
    const client = await operatorClient();
    const merchant = (await client.call('POST', '/operator/merchants', {
      name: values.name,
      csr_pem: csrPem,
      ...(values.mchid === undefined ? {} : { mchid: values.mchid }),
    })) as { mchid: string };
    if (values.iban !== undefined) {
      await client.call('PUT', `/operator/payees/${merchant.mchid}`, {
        name: values.name,
        iban: values.iban,
        maker: values.maker,
        checker: values.checker,
      });
    }
    process.stdout.write(`${JSON.stringify(merchant, null, 2)}\n`);
    return 0;
  },
};
