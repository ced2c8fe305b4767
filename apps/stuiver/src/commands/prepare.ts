import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { SystemRandom } from '@stuiver/ports';
import { ensureDatabase } from '@stuiver/postgres';
import { environmentOf } from '../cluster/service-environments.js';
import { SERVICES } from '../cluster/topology.js';
import { readConfig } from '../config.js';
import { migrateAll } from '../product.js';
import { addressesOf } from '../run/addresses.js';
import { SANDBOX_DATABASE } from '../run/open-server.js';
import { readOrMakeSecrets, writePrivateFile } from '../run/secrets.js';
import { sandboxEnvironment } from '../run/start-sandbox.js';
import { type Command, CommandFailed } from './command.js';

type Environment = Readonly<Record<string, string>>;

/**
 * `stuiver prepare <folder>`: brings the database forward, makes the secrets of this installation once, and writes for
 * each process a file with what it is told, `{folder}/{process}/service.env`, so none reads the secrets of another.
 */
export const prepareCommand: Command = {
  words: ['prepare'],
  usage: '<folder> --ledgers URL,…  the database, and per process a file for node --env-file',
  run: async (args) => {
    const { positionals, values } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { ledgers: { type: 'string' } },
    });
    const [folder] = positionals;
    if (folder === undefined) throw new CommandFailed('say where the files go');
    if (values.ledgers === undefined) throw new CommandFailed('--ledgers says where the ledger is');
    for (const [name, environment] of await prepare(values.ledgers.split(','))) {
      await writePrivateFile(join(folder, name, 'service.env'), envFile(environment));
    }
    return 0;
  },
};

/** @returns what each process is told, by the name of its folder. */
async function prepare(ledgerUrls: readonly string[]): Promise<ReadonlyMap<string, Environment>> {
  const config = readConfig(process.env);
  const { databaseUrl: adminUrl, kafkaBrokers: brokers } = config;
  if (adminUrl === undefined) throw new CommandFailed('DATABASE_URL says which database');
  if (brokers === undefined) throw new CommandFailed('KAFKA_BROKERS says where Kafka is');
  await ensureDatabase(adminUrl, new URL(adminUrl).pathname.slice(1));
  const databaseUrl = await ensureDatabase(adminUrl, SANDBOX_DATABASE);
  const ran = await migrateAll(adminUrl);
  process.stdout.write(`${String(ran.length)} steps ran\n`);
  const secrets = await readOrMakeSecrets(config.dataDir, new SystemRandom());
  const addresses = addressesOf(config);
  const facts = { config, addresses, secrets, adminUrl, brokers, ledgerUrls };
  return new Map<string, Environment>([
    ...SERVICES.map((service) => [service, environmentOf(service, facts)] as const),
    ['web', { OPERATOR_TOKEN: secrets.operatorToken }],
    ['sandbox', sandboxEnvironment({ config, secrets, addresses, databaseUrl })],
  ]);
}

/** As `node --env-file` reads it: within single quotes everything means itself. */
function envFile(environment: Environment): string {
  const lines = Object.entries(environment).map(([name, value]) => {
    if (/['\r\n]/.test(value)) throw new CommandFailed(`${name}: no quote and no line break`);
    return `${name}='${value}'\n`;
  });
  return lines.join('');
}
