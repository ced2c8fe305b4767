import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { validateXML } from 'xmllint-wasm';
import { BankDesk, OURS } from '../testing/bank-desk.js';
import { KEY, SandboxWorld } from '../testing/sandbox-world.js';
import { Wire } from '../testing/wire.js';

const POOR = 'DE89370400440532013000';
/** Hundreds of calls. */
const SEQUENCES_MS_MAX = 60_000;

let world: SandboxWorld;
let bank: BankDesk;
beforeAll(async () => {
  const accounts = [
    { iban: OURS, name: 'Stuiver', opening_minor: '100000' },
    { iban: POOR, name: 'Poor', opening_minor: '1000', overdraft: false },
  ];
  world = await SandboxWorld.open(1, { SANDBOX_BANK: JSON.stringify({ accounts }) });
  bank = new BankDesk(world);
});
afterAll(() => world.close());

let count = 0;
function newId(): string {
  count += 1;
  return `po-${count}`;
}

/** More than a weekend with a holiday on each side, so a business day has passed. */
const A_WEEK = { advance_days: 7 };

describe('a payment file', () => {
  it('is paid on its day in one line, as the file asks, and stands on the statement of that day', async () => {
    const before = BigInt((await bank.balance()) ?? '');
    const [one, two] = [newId(), newId()];
    const answer = await bank.pay(await bank.file('batch-1', { [one]: 19_990n, [two]: 10_000n }));
    expect(answer).toMatchObject({ status: 'accepted', duplicate: false, payments: 2 });
    expect((await bank.states('batch-1')).map(({ state }) => state)).toEqual([
      'waiting',
      'waiting',
    ]);
    await bank.move(A_WEEK);
    expect((await bank.states('batch-1')).map(({ state }) => state)).toEqual(['paid', 'paid']);
    const statements = await bank.statements();
    const entries = statements.flatMap((each) => each.entries);
    const line = entries.find(({ paymentInformationId }) => paymentInformationId === 'batch-1');
    expect(line?.amount.minor).toBe(-29_990n);
    expect(line?.transactions.map(({ endToEndId }) => endToEndId)).toEqual([one, two]);
    expect(BigInt((await bank.balance()) ?? '')).toBe(before - 29_990n);
  });

  it('is paid line by line when it asks for that', async () => {
    const [one, two] = [newId(), newId()];
    const alone = (xml: string): string => xml.replace('<BtchBookg>true', '<BtchBookg>false');
    await bank.pay(await bank.file('alone-1', { [one]: 100n, [two]: 200n }, alone));
    await bank.move(A_WEEK);
    const entries = (await bank.statements()).flatMap((each) => each.entries);
    const mine = entries.filter(({ paymentInformationId }) => paymentInformationId === 'alone-1');
    expect(mine.map(({ amount }) => amount.minor)).toEqual([-100n, -200n]);
  });

  it('that comes twice, also at the same time, is paid once', async () => {
    const xml = await bank.file('twice-1', { [newId()]: 500n });
    const answers = await Promise.all([1, 2, 3].map(() => bank.pay(xml)));
    expect(answers.map(({ duplicate }) => duplicate).sort()).toEqual([false, true, true]);
    expect(answers.every(({ status }) => status === 'accepted')).toBe(true);
    const before = BigInt((await bank.balance()) ?? '');
    await bank.move(A_WEEK);
    expect(await bank.pay(xml)).toMatchObject({ status: 'accepted', duplicate: true });
    await bank.move(A_WEEK);
    expect(BigInt((await bank.balance()) ?? '')).toBe(before - 500n);
  });

  it('of another content under a known id is refused', async () => {
    await bank.pay(await bank.file('same-1', { [newId()]: 1n }));
    const answer = await bank.pay(await bank.file('same-1', { [newId()]: 2n }));
    expect(answer).toMatchObject({ status: 'refused', duplicate: true });
    expect(answer.reason).toContain('DUPL');
  });

  it.each<[string, (xml: string) => string, string]>([
    ['a wrong sum', (xml) => xml.replace('<CtrlSum>0.01', '<CtrlSum>0.02'), 'CtrlSum'],
    ['an account of another bank', (xml) => xml.replaceAll(OURS, 'NL02ABNA0123456789'), 'AC01'],
    ['no XML', () => 'hello', 'FF01'],
    ['a DOCTYPE', (xml) => xml.replace('<Document', '<!DOCTYPE a><Document'), 'DOCTYPE'],
  ])('with %s is refused whole, with the reason', async (_what, change, reason) => {
    const messageId = `refused-${newId()}`;
    const answer = await bank.pay(await bank.file(messageId, { [newId()]: 1n }, change));
    expect(answer).toMatchObject({ status: 'refused', payments: 0 });
    expect(answer.reason).toContain(reason);
    expect((await bank.call('GET', `/bank/payments/${messageId}`)).status).toBe(404);
  });
});

describe('what is planned', () => {
  it('is rejected with its reason and never on a statement', async () => {
    const [good, bad] = [newId(), newId()];
    expect(await bank.plan(bad, { outcome: 'reject', code: 'AC01' })).toBe(204);
    await bank.pay(await bank.file('reject-1', { [good]: 300n, [bad]: 400n }));
    await bank.move(A_WEEK);
    const states = await bank.states('reject-1');
    expect(states).toMatchObject([{ state: 'paid' }, { state: 'rejected', reason: 'AC01' }]);
    const told = (await bank.statements()).flatMap((each) =>
      each.entries.flatMap((entry) => entry.transactions.map(({ endToEndId }) => endToEndId)),
    );
    expect(told).toContain(good);
    expect(told).not.toContain(bad);
    const report = await bank.call('GET', '/bank/payments/reject-1', undefined, {
      accept: 'application/xml',
    });
    expect(await report.text()).toContain(
      '<TxSts>RJCT</TxSts><StsRsnInf><Rsn><Cd>AC01</Cd></Rsn></StsRsnInf>',
    );
  });

  it('comes back days later with its reason, also when it is planned after it was paid', async () => {
    const id = newId();
    await bank.pay(await bank.file('return-1', { [id]: 700n }));
    await bank.move(A_WEEK);
    await bank.plan(id, { outcome: 'return', code: 'AC04', after_days: 2 });
    await bank.move(A_WEEK);
    await bank.move(A_WEEK);
    expect(await bank.states('return-1')).toMatchObject([{ state: 'returned', reason: 'AC04' }]);
    const entries = (await bank.statements()).flatMap((each) => each.entries);
    const back = entries.filter(({ transactions: [first] }) => first?.endToEndId === id);
    expect(back).toMatchObject([
      { amount: { minor: -700n }, reversal: false },
      {
        ...{ amount: { minor: 700n }, reversal: true, code: 'PMNT/ICDT/RRTN' },
        transactions: [{ returnReason: 'AC04', counterpartyName: 'Cafe De Stuiver' }],
      },
    ]);
  });

  it('is a reason code, or it is refused', async () => {
    expect(await bank.plan('x', { outcome: 'return', code: 'because' })).toBe(400);
    expect(await bank.plan('x', { outcome: 'return' })).toBe(400);
  });
});

describe('an account that may not be overdrawn', () => {
  it('pays what it can in the order of the file, and rejects the rest', async () => {
    const poor = new BankDesk(world, POOR);
    await poor.pay(await poor.file('poor-1', { 'p-1': 600n, 'p-2': 500n, 'p-3': 400n }));
    await poor.move(A_WEEK);
    expect(await poor.states('poor-1')).toMatchObject([
      { state: 'paid' },
      { state: 'rejected', reason: 'AM04' },
      { state: 'paid' },
    ]);
    expect(await poor.balance()).toBe('0');
  });
});

describe('statements', () => {
  it('follow one another without a gap, and are the same bytes each time', async () => {
    await bank.move(A_WEEK);
    const list = await bank.list();
    expect(list.map(({ sequence }) => sequence)).toEqual(list.map((_, at) => String(at + 1)));
    const all = await bank.statements();
    expect(all[0]?.opening.minor).toBe(100_000n);
    all.slice(1).forEach((statement, at) => {
      expect(statement.opening).toEqual(all[at]?.closing);
    });
    expect(all.at(-1)?.closing.minor.toString()).toBe(await bank.balance());
    const id = list[0]?.id ?? '';
    expect(await bank.xml(id)).toBe(await bank.xml(id));
  });

  it('show a payout of the PSP with its name in the reference and the remittance', async () => {
    const wire = new Wire(world);
    await wire.paidIntent(1_000, 'pm_card_bypassPending');
    const { body } = await wire.post('/v1/payouts', 'amount=900&currency=eur');
    const id = String(body['id']);
    await bank.move(A_WEEK);
    const entries = (await bank.statements()).flatMap((each) => each.entries);
    const credit = entries.find(({ transactions: [first] }) => first?.endToEndId === id);
    expect(credit).toMatchObject({
      amount: { minor: 900n },
      transactions: [{ remittance: `STRIPE ${id}` }],
    });
  });

  it(
    'add up after any payments and plans, also when the sandbox was stopped in between',
    async () => {
      const payment = fc.record({
        minor: fc.bigInt({ min: 1n, max: 50_000n }),
        outcome: fc.constantFrom('pay', 'reject', 'return'),
      });
      const day = fc.record({
        payments: fc.array(payment, { minLength: 1, maxLength: 3 }),
        stop: fc.boolean(),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(day, { minLength: 1, maxLength: 3 }), async (days) => {
          for (const { payments, stop } of days) {
            const ids = payments.map(() => newId());
            for (const [at, { outcome }] of payments.entries()) {
              await bank.plan(ids[at] ?? '', { outcome, code: 'AC04' });
            }
            const amounts = payments.map(({ minor }, at) => [ids[at] ?? '', minor] as const);
            await bank.pay(await bank.file(`any-${newId()}`, Object.fromEntries(amounts)));
            if (stop) await world.restart();
            await bank.move({ advance_days: 1 });
          }
          const all = await bank.statements();
          expect(all.at(-1)?.closing.minor.toString()).toBe(await bank.balance());
          all.slice(1).forEach((statement, at) => {
            expect(statement.opening).toEqual(all[at]?.closing);
          });
        }),
        { numRuns: 8, verbose: fc.VerbosityLevel.Verbose },
      );
    },
    SEQUENCES_MS_MAX,
  );

  it('are not changed by a hand in the database, nor is a closed day', async () => {
    await expect(world.sql(`update bank_statement set xml = ''`)).rejects.toThrow('append-only');
    await expect(world.sql('delete from bank_entry')).rejects.toThrow('append-only');
    const late = `insert into bank_entry (iban, day, amount_minor, reversal, code, transactions)
      values ('${OURS}', '2020-01-01', 1, false, 'X', '[]')`;
    await expect(world.sql(late)).rejects.toThrow('closed');
    const gap = `insert into bank_statement values ('x', '${OURS}', 9999, '2999-01-01', 0, 0, '')`;
    await expect(world.sql(gap)).rejects.toThrow('does not follow');
  });
});

describe('the bank’s clock', () => {
  it('moves ahead, to a day too, and not back', async () => {
    const today = await bank.today();
    const next = new Date(Date.parse(`${today}T12:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
    expect(await (await bank.move({ day: next })).json()).toMatchObject({ day: next });
    expect((await bank.move({ day: today })).status).toBe(400);
    expect((await bank.move({ advance_days: -1 })).status).toBe(400);
    await world.restart();
    expect(await bank.today()).toBe(next);
  });
});

describe('the bank’s doors', () => {
  it('ask for the key', async () => {
    const answer = await bank.call('GET', '/bank/accounts', undefined, { authorization: '' });
    expect(answer.status).toBe(401);
  });

  it.each([
    ['evil.example', 403],
    ['localhost:8090', 200],
  ])('asked as %s answer %d', async (host, expected) => {
    const status = await new Promise((done, failed) => {
      const headers = { host, authorization: `Bearer ${KEY}` };
      request(`${world.url}/bank/accounts`, { headers }, (answer) => {
        answer.resume();
        done(answer.statusCode);
      })
        .on('error', failed)
        .end();
    });
    expect(status).toBe(expected);
  });
});

/** The ISO message definitions may not be shipped: without them this suite is skipped. */
const XSD = join(
  process.env['STUIVER_XSD_DIR'] ?? resolve(import.meta.dirname, '../../../../../shared/data/xsd'),
  'camt.053.001.08.xsd',
);

(existsSync(XSD) ? describe : describe.skip)('the ISO schema of camt.053.001.08', () => {
  it('accepts every statement of the bank', async () => {
    const schema = { fileName: 'camt.053.001.08.xsd', contents: await readFile(XSD, 'utf8') };
    for (const { id } of (await bank.list()).slice(-10)) {
      const xml = { fileName: `${id}.xml`, contents: await bank.xml(id) };
      expect((await validateXML({ xml, schema })).errors).toEqual([]);
    }
  });
});
