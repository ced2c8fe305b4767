import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SandboxWorld } from './testing/sandbox-world.js';
import { Wire, type WireAnswer } from './testing/wire.js';

const AVAILABLE_AT_ONCE = 'pm_card_bypassPending';
/** Hundreds of calls. */
const SEQUENCES_MS_MAX = 60_000;

let world: SandboxWorld;
let daily: SandboxWorld;
let wire: Wire;
beforeAll(async () => {
  world = await SandboxWorld.open(1, { SANDBOX_PSP: JSON.stringify({ external_account: IBAN }) });
  daily = await SandboxWorld.open(1, { SANDBOX_PSP: JSON.stringify({ payout_schedule: 'daily' }) });
  wire = new Wire(world);
});
afterAll(() => Promise.all([world.close(), daily.close()]));

const IBAN = 'NL20INGB0001234567';

async function balance(of = wire): Promise<{ available: number; pending: number }> {
  const { body } = await of.get('/v1/balance');
  const [available, pending] = ['available', 'pending'].map(
    (side) => (body[side] as { amount: number }[])[0]?.amount ?? Number.NaN,
  );
  return { available: available ?? Number.NaN, pending: pending ?? Number.NaN };
}

async function transactions(query: string, of = wire): Promise<readonly Transaction[]> {
  const { body } = await of.get(`/v1/balance_transactions?limit=100&${query}`);
  return body['data'] as Transaction[];
}

interface Transaction {
  readonly amount: number;
  readonly fee: number;
  readonly net: number;
  readonly type: string;
  readonly source: string;
}

function payOut(amount: number, key?: string): Promise<WireAnswer> {
  const body = `amount=${amount}&currency=eur`;
  return wire.post('/v1/payouts', body, key === undefined ? {} : { key });
}

async function advance(days: number, of = wire): Promise<void> {
  const answer = await of.post('/bank/clock', JSON.stringify({ advance_days: days }));
  expect(answer.status).toBe(200);
}

describe('a payment’s money', () => {
  it('is pending for two business days, less the fee that is stated', async () => {
    const before = await balance();
    const id = await wire.paidIntent(10_000);
    const [row] = await transactions(`source=${await chargeOf(id)}`);
    expect(row).toMatchObject({ amount: 10_000, fee: 175, net: 9_825, type: 'charge' });
    const paid = await balance();
    expect(paid).toEqual({ ...before, pending: before.pending + 9_825 });
    await advance(7);
    expect(await balance()).toEqual({
      available: before.available + before.pending + 9_825,
      pending: 0,
    });
    await world.eventually('balance.available');
  });

  it('is there at once with the card that is for it', async () => {
    const before = await balance();
    await wire.paidIntent(1_000, AVAILABLE_AT_ONCE);
    expect(await balance()).toEqual({ ...before, available: before.available + 960 });
  });

  it('comes back when a refund fails, and the charge can be refunded again', async () => {
    const intent = await wire.paidIntent(1_000, AVAILABLE_AT_ONCE);
    const before = await balance();
    const refund = await wire.post('/v1/refunds', `payment_intent=${intent}`);
    const id = String(refund.body['id']);
    const failed = await wire.post(`/_test/refunds/${id}/fail`, '{}');
    expect(failed.body).toMatchObject({
      status: 'failed',
      failure_reason: 'expired_or_canceled_card',
    });
    expect(await wire.post(`/_test/refunds/${id}/fail`, '{}')).toMatchObject({ body: failed.body });
    const rows = await transactions(`source=${id}`);
    expect(rows.map(({ type, net }) => [type, net])).toEqual([
      ['refund_failure', 1_000],
      ['refund', -1_000],
    ]);
    expect(await balance()).toEqual(before);
    await world.told(id, 'refund.failed');
    expect((await wire.post('/v1/refunds', `payment_intent=${intent}`)).status).toBe(200);
  });
});

async function chargeOf(intent: string): Promise<string> {
  return String((await wire.get(`/v1/payment_intents/${intent}`)).body['latest_charge']);
}

describe('a payout', () => {
  it('is sent at the end of the day, arrives at our bank on the next, and tells each step', async () => {
    await wire.paidIntent(5_000, AVAILABLE_AT_ONCE);
    const before = await balance();
    const { body: made } = await payOut(2_500, 'payout-1');
    expect(made).toMatchObject({
      object: 'payout',
      ...{ amount: 2_500, automatic: false, status: 'pending' },
      reconciliation_status: 'not_applicable',
    });
    const id = String(made['id']);
    expect((await payOut(2_500, 'payout-1')).body).toEqual(made);
    expect(await balance()).toEqual({ ...before, available: before.available - 2_500 });
    await advance(7);
    const { body: paid } = await wire.get(`/v1/payouts/${id}`);
    expect(paid).toMatchObject({ status: 'paid', trace_id: { status: 'supported' } });
    for (const type of ['payout.created', 'payout.updated', 'payout.paid']) {
      await world.told(id, type);
    }
    const { body: list } = await wire.get('/v1/payouts?status=paid&limit=1');
    expect(list['data']).toEqual([paid]);
  });

  it('of more than is available is refused, and nothing is booked', async () => {
    const before = await balance();
    const answer = await payOut(before.available + 1);
    expect(answer).toMatchObject({ status: 400, error: { code: 'balance_insufficient' } });
    expect(await balance()).toEqual(before);
  });

  it('can be cancelled while it waits, and then no more', async () => {
    await wire.paidIntent(1_000, AVAILABLE_AT_ONCE);
    const before = await balance();
    const id = String((await payOut(500)).body['id']);
    const canceled = await wire.post(`/v1/payouts/${id}/cancel`, '');
    expect(canceled.body).toMatchObject({ status: 'canceled' });
    expect(await balance()).toEqual(before);
    expect((await wire.post(`/v1/payouts/${id}/cancel`, '')).status).toBe(400);
    await world.told(id, 'payout.canceled');
  });

  it('may fail after it was paid: the money is back, and the bank takes it from our account', async () => {
    await wire.paidIntent(1_000, AVAILABLE_AT_ONCE);
    const before = await balance();
    const id = String((await payOut(700)).body['id']);
    await advance(7);
    const bank = await bankBalance();
    const { body: failed } = await wire.post(`/_test/payouts/${id}/fail`, '{"code":"no_account"}');
    expect(failed).toMatchObject({ status: 'failed', failure_code: 'no_account' });
    expect((await wire.post(`/_test/payouts/${id}/fail`, '{}')).body).toEqual(failed);
    expect((await balance()).available).toBe(before.available);
    expect((await bankBalance()) - bank).toBe(-700);
    expect((await transactions(`source=${id}`)).map(({ type }) => type)).toEqual([
      'payout_failure',
      'payout',
    ]);
    await world.told(id, 'payout.failed');
  });

  it('sends no euro twice, however many are asked for at the same time', async () => {
    await wire.paidIntent(10_000, AVAILABLE_AT_ONCE);
    const { available } = await balance();
    const answers = await Promise.all([1, 2, 3].map(() => payOut(available)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400, 400]);
    expect((await balance()).available).toBe(0);
  });
});

async function bankBalance(): Promise<number> {
  const { body } = await wire.get('/bank/accounts');
  return Number((body['accounts'] as { balance_minor: string }[])[0]?.balance_minor);
}

describe('an automatic payout', () => {
  it('pays out everything that is available, and says what it holds, to the cent', async () => {
    const mine = new Wire(daily);
    await mine.paidIntent(4_000, AVAILABLE_AT_ONCE);
    await mine.paidIntent(6_000, AVAILABLE_AT_ONCE);
    await advance(7, mine);
    const { body } = await mine.get('/v1/payouts');
    const [payout] = body['data'] as Record<string, unknown>[];
    const all = 4_000 - 85 + 6_000 - 115;
    expect(payout).toMatchObject({
      ...{ automatic: true, amount: all, status: 'paid', reconciliation_status: 'completed' },
    });
    const held = await transactions(`payout=${String(payout?.['id'])}`, mine);
    expect(held.map(({ type }) => type)).toEqual(['payout', 'charge', 'charge']);
    expect(held.reduce((sum, { net }) => sum + net, 0)).toBe(0);
    await daily.told(String(payout?.['id']), 'payout.reconciliation_completed');
  });

  it('is the only kind whose content the PSP knows', async () => {
    await wire.paidIntent(1_000, AVAILABLE_AT_ONCE);
    const id = String((await payOut(100)).body['id']);
    const answer = await wire.get(`/v1/balance_transactions?payout=${id}`);
    expect(answer).toMatchObject({ status: 400, error: { param: 'payout' } });
    expect((await wire.get('/v1/balance_transactions?payout=po_none')).status).toBe(404);
  });
});

describe('the PSP’s books', () => {
  it(
    'add up after any payments, refunds, failures, payouts and days',
    async () => {
      const step = fc.oneof(
        fc.record({ pay: fc.integer({ min: 50, max: 99_999 }), at: fc.boolean() }),
        fc.record({ refund: fc.integer({ min: 1, max: 60_000 }) }),
        fc.record({ payOut: fc.integer({ min: 1, max: 50_000 }) }),
        fc.constantFrom('fail-refund', 'fail-payout', 'cancel-payout', 'day'),
      );
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 14 }), async (steps) => {
          const made = { intent: '', refund: '', payout: '' };
          for (const one of steps) await take(one, made);
          const rows = await allTransactions();
          for (const { amount, fee, net } of rows) expect(net).toBe(amount - fee);
          const { available, pending } = await balance();
          expect(available + pending).toBe(rows.reduce((sum, { net }) => sum + net, 0));
        }),
        { numRuns: 12, verbose: fc.VerbosityLevel.Verbose },
      );
    },
    SEQUENCES_MS_MAX,
  );

  it('cannot be changed, not even by a hand in the database', async () => {
    await wire.paidIntent();
    const change = `update object set doc = doc || '{"net": 0}' where object = 'balance_transaction'`;
    await expect(world.sql(change)).rejects.toThrow('append-only');
    const wrong = `insert into object (id, object, doc) values
      ('txn_wrong', 'balance_transaction', '{"amount": 5, "fee": 1, "net": 5}')`;
    await expect(world.sql(wrong)).rejects.toThrow('net_is_amount_less_fee');
  });
});

interface Made {
  intent: string;
  refund: string;
  payout: string;
}
type Step =
  | { readonly pay: number; readonly at: boolean }
  | { readonly refund: number }
  | { readonly payOut: number }
  | string;

async function take(step: Step, made: Made): Promise<void> {
  if (typeof step === 'string') return takeByName(step, made);
  if ('pay' in step) {
    made.intent = await wire.paidIntent(step.pay, step.at ? AVAILABLE_AT_ONCE : 'pm_card_visa');
    return;
  }
  const answer =
    'refund' in step
      ? await wire.post('/v1/refunds', `payment_intent=${made.intent}&amount=${step.refund}`)
      : await payOut(step.payOut);
  if (answer.status !== 200) return;
  made['refund' in step ? 'refund' : 'payout'] = String(answer.body['id']);
}

async function takeByName(step: string, { refund, payout }: Made): Promise<void> {
  if (step === 'day') return advance(1);
  const paths: Readonly<Record<string, string | false>> = {
    'fail-refund': refund !== '' && `/_test/refunds/${refund}/fail`,
    'fail-payout': payout !== '' && `/_test/payouts/${payout}/fail`,
    'cancel-payout': payout !== '' && `/v1/payouts/${payout}/cancel`,
  };
  const path = paths[step] ?? false;
  if (path !== false) await wire.post(path, '');
}

async function allTransactions(): Promise<readonly Transaction[]> {
  const all: (Transaction & { readonly id: string })[] = [];
  for (let hasMore = true; hasMore;) {
    const after = all.at(-1)?.id;
    const cursor = after === undefined ? '' : `&starting_after=${after}`;
    const { body } = await wire.get(`/v1/balance_transactions?limit=100${cursor}`);
    all.push(...(body['data'] as typeof all));
    hasMore = body['has_more'] === true;
  }
  return all;
}
