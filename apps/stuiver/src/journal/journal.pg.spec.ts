import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createWriteStream } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { PostgresBus } from '@stuiver/bus';
import { createHttpApp } from '@stuiver/http';
import { commandIdOf } from '@stuiver/ids';
import { createLedger, type Ledger, LedgerModule } from '@stuiver/ledger';
import { NoCrashPoints, SilentLog, SystemClock, SystemRandom } from '@stuiver/ports';
import { testDatabase, type TestDatabase } from '@stuiver/testing';
import { type OperatorClient, operatorClientOf } from '../commands/operator-client.js';
import { checkJournal, exportJournal, importJournal } from './transfer-journal.js';
import type { JournalFormat } from './write-journal.js';

const TOKEN = 'operator-secret';
const HEADER = 'id,effective_at,purpose,debit,credit,amount_minor,currency';
const AT = '2026-10-31T12:00:00.000Z';
/** Two pages of entries. */
const MANY = 512;
const silent = (): void => undefined;

interface World {
  readonly ledger: Ledger;
  readonly client: OperatorClient;
  close(): Promise<void>;
}

async function openWorld(): Promise<World> {
  const db: TestDatabase = await testDatabase();
  const log = new SilentLog();
  const bus = new PostgresBus({ pool: (await db.open('bus')).pool, log });
  const ledger = createLedger({
    ...{ database: await db.open('ledger'), bus, clock: new SystemClock(), log },
    crash: new NoCrashPoints(),
  });
  const module = LedgerModule.with({ ledger, operatorToken: TOKEN });
  const app: NestFastifyApplication = await createHttpApp(module, {
    ...{ log, random: new SystemRandom() },
  });
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();
  return {
    ledger,
    client: operatorClientOf({ apiUrl: url, pagesUrl: url, token: TOKEN }),
    close: async () => {
      await app.close();
      await db.close();
    },
  };
}

describe('a journal', () => {
  let folder: string;
  let here: World;
  let there: World;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'journal-'));
    [here, there] = await Promise.all([openWorld(), openWorld()]);
    await here.ledger.port.submitAll(
      Array.from({ length: MANY }, (_, index) => ({
        ...{ kind: 'payment' as const, id: commandIdOf('payment', String(index)), effectiveAt: AT },
        ...{ attemptId: 'att', orderId: 'ord', merchantId: String(1_900_000_000 + (index % 7)) },
        funds: { kind: 'psp' as const, psp: 'stripe' as const, account: null },
        ...{ amountMinor: '1000', feeMinor: '19', currency: 'EUR' as const },
      })),
    );
  });
  afterAll(async () => {
    await Promise.all([here.close(), there.close()]);
    await rm(folder, { recursive: true });
  });

  async function exported(
    world: World,
    format: JournalFormat,
    filter: Readonly<Record<string, string>> = {},
  ): Promise<{ file: string; count: number; text: string }> {
    const file = join(folder, `journal.${format}`);
    const out = createWriteStream(file);
    const count = await exportJournal(world.client, out, { format, filter, onProgress: silent });
    out.end();
    await finished(out);
    return { file, count, text: await readFile(file, 'utf8') };
  }

  it.each(['csv', 'jsonl'] as const)(
    'goes out as %s and into other books, once however often',
    async (format) => {
      const { file, count } = await exported(here, format);
      expect(count).toBe(1024);
      const options = { file, format, onProgress: silent };
      expect(await checkJournal(options)).toBe(512);
      expect(await importJournal(there.client, options)).toBe(512);
      const balances = await there.ledger.port.trialBalance();
      expect(balances).toEqual(await here.ledger.port.trialBalance());
      expect(await importJournal(there.client, options)).toBe(512);
      expect(await there.ledger.port.trialBalance()).toEqual(balances);
    },
  );

  it('goes out in part: by day and account', async () => {
    const account = 'merchant:1900000003:pending';
    const { text, count } = await exported(here, 'jsonl', { account, from: '2026-10-31' });
    const lines = text.trimEnd().split('\n');
    expect(lines).toHaveLength(count);
    const line: unknown = JSON.parse(lines[0] ?? '');
    expect(line).toMatchObject({
      ...{ kind: 'payment', purpose: 'gross', debit: 'psp:stripe:balance', credit: account },
      ...{ amount_minor: '1000', currency: 'EUR', effective_at: AT, own_effective_at: '' },
    });
    expect((await exported(here, 'csv', { to: '2026-10-30' })).text.split('\n')).toHaveLength(2);
  });

  it('is not booked twice in the books it came from', async () => {
    const { file } = await exported(here, 'csv');
    const before = await here.ledger.port.trialBalance();
    const again = importJournal(here.client, { file, format: 'csv', onProgress: silent });
    await expect(again).rejects.toThrow(/^line 2: entry ".*exported from these very books/);
    expect(await here.ledger.port.trialBalance()).toEqual(before);
  });

  describe('that was written by hand', () => {
    let file: string;
    beforeEach(() => {
      file = join(folder, 'own.csv');
    });
    const take = async (...lines: readonly string[]): Promise<number> => {
      await writeFile(file, [HEADER, ...lines, ''].join('\n'));
      const options = { file, format: 'csv', onProgress: silent } as const;
      await checkJournal(options);
      return importJournal(there.client, options);
    };
    const BANK = 'opening-1,2026-01-01T00:00:00+01:00,opening,bank:old,equity:operator,500000,EUR';

    it('is booked with its own ids', async () => {
      const more =
        'opening-1,2026-01-01T00:00:00+01:00,opening,bank:old,user:usr_old:wallet,1250,EUR';
      expect(await take(BANK, more)).toBe(1);
      expect(await take(BANK, more)).toBe(1);
      expect(await there.ledger.port.account('bank:old')).toMatchObject({ balanceMinor: '501250' });
      await expect(take(BANK)).rejects.toThrow(/^line 2: entry "opening-1" is booked already/);
    });

    it.each([
      {
        lines: ['a,yesterday,opening,bank:old,tax:vat,1,EUR'],
        says: 'line 2: effective_at must be',
      },
      {
        lines: [`a,${AT},opening,bank:old,tax:vat,1.50,EUR`],
        says: 'line 2: amount_minor must be whole minor units above 0, as 1250: "1.50"',
      },
      { lines: [`a,${AT},opening,bank:old,tax:vat,0,EUR`], says: 'line 2: amount_minor' },
      {
        lines: [`a,${AT},opening,bank:old,tax:vat,1,USD`],
        says: 'line 2: currency must be EUR: "USD"',
      },
      { lines: [`a,${AT},opening,bank:old,,1,EUR`], says: 'line 2: credit is missing' },
      { lines: [`a,${AT},opening,bank:old,bank:old,1,EUR`], says: 'line 2: credit must not be' },
      { lines: [`a,${AT},Opening Day,bank:old,tax:vat,1,EUR`], says: 'line 2: purpose must be' },
      { lines: [`a b,${AT},opening,bank:old,tax:vat,1,EUR`], says: 'line 2: id must be' },
      { lines: [`a,${AT},opening,bank:old`], says: 'line 2: the line is no line of CSV' },
      {
        lines: [
          `a,${AT},opening,bank:old,tax:vat,1,EUR`,
          `a,2026-10-30T12:00:00Z,opening,bank:old,tax:vat,1,EUR`,
        ],
        says: 'line 3: effective_at must be that of line 2',
      },
    ])('is refused before anything is booked: $says', async ({ lines, says }) => {
      const before = await there.ledger.port.trialBalance();
      await expect(take(...lines)).rejects.toThrow(says);
      expect(await there.ledger.port.trialBalance()).toEqual(before);
    });

    it('is refused by the books, with the line', async () => {
      const strange = `strange,${AT},opening,bank:old,my:own:account,1,EUR`;
      await expect(take(strange)).rejects.toThrow(
        /^line 2: entry "strange" is not booked: PARAM_ERROR/,
      );
      const poor = `poor,${AT},opening,user:usr_poor:wallet,tax:vat,77,EUR`;
      await expect(take(poor)).rejects.toThrow(
        /^line 2: entry "poor" is not booked: FLOOR account user:usr_poor:wallet, shortfall_minor 77/,
      );
    });

    it('is refused when it is no file', async () => {
      const options = { file: join(folder, 'none.jsonl'), onProgress: silent };
      for (const format of ['csv', 'jsonl'] as const) {
        await expect(checkJournal({ ...options, format })).rejects.toThrow('cannot read the file');
      }
    });

    it('is refused when a line is no JSON', async () => {
      await writeFile(file, '{"id":');
      const options = { file, format: 'jsonl', onProgress: silent } as const;
      await expect(checkJournal(options)).rejects.toThrow('line 1: the line must be a JSON object');
    });
  });
});
