import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv, promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { emptyTestDatabase, REPOSITORY_ROOT } from '@stuiver/testing';

const run = promisify(execFile);
const BIN = join(REPOSITORY_ROOT, 'apps/stuiver/bin/stuiver.js');
const PROCESSES = ['order', 'ledger', 'payout', 'web', 'sandbox'];

/** What the containers of docker-compose.yml are told, made as its first job makes it. */
describe('stuiver prepare', () => {
  let database: { url: string; close(): Promise<void> };
  let folder: string;

  beforeAll(async () => {
    database = await emptyTestDatabase();
    folder = await mkdtemp(join(tmpdir(), 'stuiver-prepare-'));
    await prepare();
  }, 120_000);
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
    await database.close();
  });

  async function prepare(): Promise<string> {
    const ledgers = '--ledgers=http://127.0.0.1:1,http://127.0.0.1:2';
    const { stdout } = await run(process.execPath, [BIN, 'prepare', folder, ledgers], {
      env: {
        ...{ PATH: process.env['PATH'], DATABASE_URL: database.url },
        ...{ KAFKA_BROKERS: '127.0.0.1:9092', STUIVER_DATA_DIR: join(folder, 'data') },
      },
    });
    return stdout;
  }

  const pathOf = (name: string): string => join(folder, name, 'service.env');
  const toldTo = async (name: string): Promise<NodeJS.Dict<string>> =>
    parseEnv(await readFile(pathOf(name), 'utf8'));

  it('tells each process its own role in the database and its own credential', async () => {
    const [order, ledger, payout] = await Promise.all(['order', 'ledger', 'payout'].map(toldTo));
    const roles = [order, ledger, payout].map(
      (told) => new URL(told?.['DATABASE_URL'] ?? '').username,
    );
    expect(roles).toEqual(['stuiver_order', 'stuiver_ledger', 'stuiver_payout']);
    expect(order?.['LEDGER_URLS']).toBe('http://127.0.0.1:1,http://127.0.0.1:2');
    expect(order?.['LEDGER_CREDENTIAL']).toBe(ledger?.['LEDGER_CREDENTIAL_ORDER']);
    expect(payout?.['LEDGER_CREDENTIAL']).toBe(ledger?.['LEDGER_CREDENTIAL_PAYOUT']);
    expect(order?.['LEDGER_CREDENTIAL']).not.toBe(payout?.['LEDGER_CREDENTIAL']);
  });

  it('tells nobody but the sandbox how to be the administrator', async () => {
    const { password } = new URL(database.url);
    for (const name of PROCESSES.filter((process) => process !== 'sandbox')) {
      expect(await readFile(pathOf(name), 'utf8')).not.toContain(`:${password}@`);
    }
  });

  it('writes files that only their owner reads', async () => {
    const modes = await Promise.all(PROCESSES.map(async (name) => (await stat(pathOf(name))).mode));
    expect(modes.map((mode) => mode & 0o777)).toEqual(PROCESSES.map(() => 0o600));
  });

  it('changes nothing the second time', async () => {
    const before = await Promise.all(PROCESSES.map(toldTo));
    expect(await prepare()).toContain('0 steps ran');
    expect(await Promise.all(PROCESSES.map(toldTo))).toEqual(before);
  }, 60_000);
});
