import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SandboxWorld } from './testing/sandbox-world.js';
import { Wire } from './testing/wire.js';

let world: SandboxWorld;
let wire: Wire;
beforeAll(async () => {
  world = await SandboxWorld.open();
  wire = new Wire(world);
});
afterAll(() => world.close());

/** Hundreds of calls. */
const SEQUENCES_MS_MAX = 60_000;

interface Transaction {
  readonly id: string;
  readonly amount: number;
  readonly fee: number;
  readonly net: number;
}

async function allTransactions(): Promise<readonly Transaction[]> {
  const all: Transaction[] = [];
  for (let hasMore = true; hasMore;) {
    const after = all.at(-1)?.id;
    const cursor = after === undefined ? '' : `&starting_after=${after}`;
    const { body } = await wire.get(`/v1/balance_transactions?limit=100${cursor}`);
    all.push(...(body['data'] as Transaction[]));
    hasMore = body['has_more'] === true;
  }
  return all;
}

async function balance(): Promise<number> {
  const { body } = await wire.get('/v1/balance');
  const sides = [body['available'], body['pending']] as { amount: number }[][];
  return sides.flat().reduce((sum, { amount }) => sum + amount, 0);
}

describe('the PSP’s own books', () => {
  it(
    'add up after any payments and refunds, and nothing is given back twice',
    async () => {
      const step = fc.oneof(
        fc.record({ pay: fc.integer({ min: 50, max: 99_999 }) }),
        fc.record({ refund: fc.nat(3), amount: fc.integer({ min: 1, max: 60_000 }) }),
      );
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
          const left: { id: string; amount: number }[] = [];
          for (const one of steps) {
            if ('pay' in one) {
              left.push({ id: await wire.paidIntent(one.pay), amount: one.pay });
              continue;
            }
            const target = left[one.refund];
            if (target === undefined) continue;
            const body = `payment_intent=${target.id}&amount=${one.amount}`;
            const { status } = await wire.post('/v1/refunds', body);
            expect(status).toBe(one.amount <= target.amount ? 200 : 400);
            if (status === 200) target.amount -= one.amount;
          }
          const transactions = await allTransactions();
          for (const { amount, fee, net } of transactions) expect(net).toBe(amount - fee);
          expect(await balance()).toBe(transactions.reduce((sum, { net }) => sum + net, 0));
        }),
        { numRuns: 20, verbose: fc.VerbosityLevel.Verbose },
      );
    },
    SEQUENCES_MS_MAX,
  );

  it('let of two refunds at the same time only one take the last euro', async () => {
    const id = await wire.paidIntent(1_000);
    const body = `payment_intent=${id}&amount=600`;
    const answers = await Promise.all([1, 2, 3].map(() => wire.post('/v1/refunds', body)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400, 400]);
    const { body: list } = await wire.get(`/v1/refunds?payment_intent=${id}`);
    expect(list['data']).toHaveLength(1);
  });

  it('let of two payers at the bank page only the first decide', async () => {
    const body =
      'amount=1000&currency=eur&confirm=true&payment_method_data[type]=ideal' +
      '&return_url=https%3A%2F%2Fshop.test';
    const id = String((await wire.post('/v1/payment_intents', body)).body['id']);
    const paths = ['authorise', 'authorise', 'fail', 'fail'].map(
      (outcome) => `/_test/payment_intents/${id}/${outcome}`,
    );
    const answers = await Promise.all(paths.map((path) => wire.post(path, '')));
    const states = new Set(answers.map((answer) => answer.body['status']));
    expect(states.size).toBe(1);
    const { body: charges } = await wire.get(`/v1/charges?payment_intent=${id}`);
    expect(charges['data']).toHaveLength(states.has('succeeded') ? 1 : 0);
  });
});
