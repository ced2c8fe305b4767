import { z } from 'zod';
import { ensureDatabase, roleUrl, SERVICE_SCHEMAS, type ServiceSchema } from '@stuiver/postgres';
import { migrateAll } from '../product.js';
import { type Command, CommandFailed } from './command.js';
import { readConfig } from '../config.js';

const SCHEMAS = z.enum(Object.keys(SERVICE_SCHEMAS) as [ServiceSchema, ...ServiceSchema[]]);

/** `stuiver migrate`: brings the database that DATABASE_URL names forward; its role must be able to create roles. */
export const migrateCommand: Command = {
  words: ['migrate'],
  usage: 'roles, schemas and migrations of the database that DATABASE_URL names',
  run: async () => {
    const adminUrl = administrator();
    await ensureDatabase(adminUrl, new URL(adminUrl).pathname.slice(1));
    const ran = await migrateAll(adminUrl);
    for (const step of ran) process.stdout.write(`${step}\n`);
    process.stdout.write(`${String(ran.length)} steps ran\n`);
    return 0;
  },
};

/** `stuiver role-url <schema>`: the address by which one service connects, as its own role. */
export const roleUrlCommand: Command = {
  words: ['role-url'],
  usage: '<orders|people|ledger|payout|bus>  the database address of one service’s role',
  run: ([schema]) => {
    const known = SCHEMAS.safeParse(schema);
    if (!known.success) throw new CommandFailed(`say which: ${SCHEMAS.options.join(', ')}`);
    process.stdout.write(`${roleUrl(administrator(), known.data)}\n`);
    return Promise.resolve(0);
  },
};

function administrator(): string {
  const { databaseUrl } = readConfig(process.env);
  if (databaseUrl === undefined) throw new CommandFailed('DATABASE_URL says which database');
  return databaseUrl;
}
