import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { CounterCodeSummary, SwitchedCounterCode } from '@stuiver/console-api';
import type { Browser, Visit } from '@stuiver/testing';
import { MCHID, OrderWorld } from '../../testing/order-world.js';
import { jsonOf, StaffApp } from '../../testing/staff-app.js';

let world: OrderWorld;
let app: StaffApp;
const people = new Map<string, Browser>();
const PEOPLE = [
  { who: 'cafe', roles: ['merchant'], merchants: [MCHID] },
  { who: 'cashier', roles: ['cashier'], merchants: [MCHID] },
  { who: 'finance', roles: ['finance'], merchants: [] },
] as const;

beforeAll(async () => {
  world = await OrderWorld.open();
  app = await StaffApp.start(world);
  for (const { who, ...rights } of PEOPLE) {
    await app.newStaff({ email: `${who}@example.eu`, name: who, ...rights });
  }
  await signInAgain();
});
afterAll(() => app.close().then(() => world.close()));

/** A session ends by the clock. */
async function signInAgain(): Promise<void> {
  for (const { who } of PEOPLE) people.set(who, await app.signedIn(`${who}@example.eu`));
}

function as(who: string): Browser {
  const browser = people.get(who);
  if (browser === undefined) throw new Error(`nobody is called ${who}`);
  return browser;
}

async function post(who: string, path: string, json: object): Promise<Visit> {
  const me = jsonOf(await as(who).ask('GET', '/staff/me'));
  return as(who).ask('POST', path, { json, headers: { 'x-csrf-token': String(me['csrfToken']) } });
}

const codes = (rest = ''): string => `/console/merchants/${MCHID}/codes${rest}`;
let requests = 0;
const newRequest = (): string => `request-${String((requests += 1)).padStart(4, '0')}`;

async function made(body: object): Promise<CounterCodeSummary> {
  const answer = await post('cafe', codes(), {
    ...{ kind: 'static', description: 'Broodje', requestId: newRequest() },
    ...body,
  });
  if (answer.status !== 200) throw new Error(answer.text);
  return jsonOf(answer) as unknown as CounterCodeSummary;
}

function link(over: object = {}): Promise<CounterCodeSummary> {
  const expiresAt = new Date(world.clock.now().getTime() + 86_400_000).toISOString();
  return made({ kind: 'link', amountMinor: '5000', paymentsMax: '1', expiresAt, ...over });
}

async function switched(code: CounterCodeSummary, on: boolean): Promise<SwitchedCounterCode> {
  const answer = await post('cafe', codes(`/${code.codeId}/switch`), { on });
  return jsonOf(answer) as unknown as SwitchedCounterCode;
}

/** What is on record about it, oldest first. */
async function actsOn(subjectId: string): Promise<readonly string[]> {
  const entries = await world.query<{ act: string }>(
    'select act from orders.audit_entry where subject_id = $1 order by no',
    [subjectId],
  );
  return entries.map(({ act }) => act);
}

const textOf = (code: CounterCodeSummary): string => code.url.split('/q/')[1] ?? '';

/** As a payer's page asks. */
function asked(payer: { token: string }, code: CounterCodeSummary, body: object): Promise<Visit> {
  const headers = { authorization: `Bearer ${payer.token}` };
  const json = { request_id: newRequest(), ...body };
  return app.browser().ask('POST', `/checkout/codes/${textOf(code)}/orders`, { headers, json });
}

async function shown(code: CounterCodeSummary): Promise<Record<string, unknown>> {
  const { token } = await world.parts.sessions.startGuest();
  const headers = { authorization: `Bearer ${token}` };
  return jsonOf(await app.browser().ask('GET', `/checkout/codes/${textOf(code)}`, { headers }));
}

async function sheetOn(payer: { userId: string; token: string }, code: CounterCodeSummary) {
  const { code: sheet } = jsonOf(await asked(payer, code, {}));
  const { attempt } = await world.parts.openAttempt.byCode(payer.userId, String(sheet));
  return attempt;
}

async function pay(code: CounterCodeSummary): Promise<void> {
  const payer = await world.payer();
  const attempt = await sheetOn(payer, code);
  await world.confirm(attempt.id, payer.userId, 'wallet');
}

async function ordersOf(code: CounterCodeSummary): Promise<readonly string[]> {
  const rows = await world.query<{ amount_minor: string }>(
    `select o.amount_minor from orders.counter_order k join orders.payment_order o on o.id = k.order_id
     where k.code_id = $1 order by o.amount_minor`,
    [code.codeId],
  );
  return rows.map((row) => row.amount_minor);
}

describe('a printed code', () => {
  it('shows who is paid and how much, and makes nothing by that', async () => {
    const code = await made({ amountMinor: '350' });
    expect(code).toMatchObject({ state: 'open', paidCount: 0, paidMinor: '0' });
    expect(await shown(code)).toEqual({
      ...{ kind: 'static', state: 'open', description: 'Broodje', currency: 'EUR' },
      ...{ payee: { name: 'Café De Stuiver' }, amount_minor: '350' },
      ...{ min_minor: null, max_minor: null },
    });
    expect(await ordersOf(code)).toEqual([]);
  });

  it('makes an order per payer, and one of a double tap', async () => {
    const code = await made({ amountMinor: '350' });
    const [one, other] = await Promise.all([world.payer(), world.payer()]);
    const request_id = newRequest();
    const answers = await Promise.all([
      asked(one, code, { request_id }),
      asked(one, code, { request_id }),
      asked(one, code, {}),
    ]);
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    await asked(other, code, {});
    expect(await ordersOf(code)).toEqual(['350', '350']);
  });

  it('is paid again and again, and told in the list', async () => {
    const code = await made({ amountMinor: '350' });
    await pay(code);
    await pay(code);
    const { items } = jsonOf(await as('cafe').ask('GET', codes('?kind=static'))) as {
      items: CounterCodeSummary[];
    };
    const found = items.find(({ codeId }) => codeId === code.codeId);
    expect(found).toMatchObject({ state: 'open', paidCount: 2, paidMinor: '700' });
  });

  it('takes what the payer types, between its bounds', async () => {
    const code = await made({ minMinor: '100', maxMinor: '2500' });
    const payer = await world.payer();
    for (const bad of [{}, { amount_minor: '99' }, { amount_minor: '2501' }]) {
      const answer = await asked(payer, code, bad);
      expect(jsonOf(answer)).toMatchObject({ code: 'PARAM_ERROR' });
    }
    for (const amount of ['100', '2500']) {
      expect((await asked(payer, code, { amount_minor: amount })).status).toBe(200);
    }
    expect(await ordersOf(code)).toEqual(['100', '2500']);
  });

  it('is switched off with what payers have before them, and on again', async () => {
    const code = await made({ amountMinor: '350' });
    const payer = await world.payer();
    const attempt = await sheetOn(payer, code);
    const off = { code: { state: 'withdrawn' }, underWay: 0 };
    expect(await switched(code, false)).toMatchObject(off);
    const { state } = await world.parts.findAttempt.run({
      attemptId: attempt.id,
      userId: payer.userId,
    });
    expect(state).toBe('cancelled');
    expect(jsonOf(await asked(payer, code, {}))).toMatchObject({ code: 'ORDER_IS_CLOSED' });
    expect(await switched(code, true)).toMatchObject({ code: { state: 'open' } });
    expect((await asked(payer, code, {})).status).toBe(200);
    const switches = ['counter-code-switched-off', 'counter-code-switched-on'];
    expect(await actsOn(code.codeId)).toEqual(['counter-code-made', ...switches]);
  });
});

describe('a payment link', () => {
  it('is paid once, whoever opens it, and says so', async () => {
    const code = await link();
    const [one, other] = await Promise.all([world.payer(), world.payer()]);
    const first = jsonOf(await asked(one, code, {}));
    const second = jsonOf(await asked(other, code, {}));
    expect(second).toEqual(first);
    await pay(code);
    expect(jsonOf(await asked(other, code, {}))).toMatchObject({ code: 'ORDER_ALREADY_PAID' });
  });

  it('is paid as often as its maker said, and not more, when all come at once', async () => {
    const code = await link({ paymentsMax: '3' });
    const payers = await Promise.all([1, 2, 3, 4, 5, 6].map(() => world.payer()));
    const answers = await Promise.all(payers.map((payer) => asked(payer, code, {})));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    expect(await ordersOf(code)).toHaveLength(3);
    await Promise.all([pay(code), pay(code)].map((work) => work.catch(() => undefined)));
    for (let left = 0; left < 3; left += 1) await pay(code).catch(() => undefined);
    const [row] = await world.query<{ count: string }>(
      `select count(*) as count from orders.counter_order k join orders.payment_order o on o.id = k.order_id
       where k.code_id = $1 and o.paid_at is not null`,
      [code.codeId],
    );
    expect(row?.count).toBe('3');
    expect((await shown(code))['state']).toBe('paid');
  });

  it('is over at its time, and its orders with it', async () => {
    const code = await link();
    const payer = await world.payer();
    world.clock.advance(86_400_000 - 120_000);
    await signInAgain();
    const { code: sheet } = jsonOf(await asked(payer, code, {}));
    world.clock.advance(120_000);
    expect((await shown(code))['state']).toBe('expired');
    expect(jsonOf(await asked(payer, code, {}))).toMatchObject({ code: 'ORDER_IS_EXPIRED' });
    const late = world.parts.openAttempt.byCode(payer.userId, String(sheet));
    await expect(late).rejects.toMatchObject({ code: 'ORDER_IS_EXPIRED' });
  });

  it('is withdrawn for ever, and on record once', async () => {
    const code = await link();
    expect(await switched(code, false)).toMatchObject({ code: { state: 'withdrawn' } });
    expect(await switched(code, false)).toMatchObject({ code: { state: 'withdrawn' } });
    expect(await switched(code, true)).toMatchObject({ code: 'STATE_CONFLICT' });
    expect(await actsOn(code.codeId)).toEqual(['payment-link-made', 'payment-link-withdrawn']);
  });
});

describe('making them', () => {
  it('twice with one request makes one, and is on record once', async () => {
    const what = { kind: 'static', description: 'Fooi' };
    const body = { ...what, amountMinor: '100', requestId: 'fooi-0001' };
    const [one, two] = await Promise.all([
      post('cafe', codes(), body),
      post('cafe', codes(), body),
    ]);
    expect(jsonOf(one)).toEqual(jsonOf(two));
    const other = await post('cafe', codes(), { ...body, amountMinor: '200' });
    expect(jsonOf(other)).toMatchObject({ code: 'STATE_CONFLICT' });
    expect(await actsOn(String(jsonOf(one)['codeId']))).toEqual(['counter-code-made']);
  });

  it.each([
    ['both', { amountMinor: '1', minMinor: '1', maxMinor: '2' }],
    ['bounds the wrong way round', { minMinor: '2', maxMinor: '1' }],
    ['a printed code with an end', { amountMinor: '1', expiresAt: '2027-01-01T00:00:00Z' }],
    ['a link without an end', { kind: 'link', amountMinor: '1' }],
    ['no description', { amountMinor: '1', description: '' }],
  ])('is refused with %s', async (_, body) => {
    const good = { kind: 'static', description: 'Broodje', requestId: newRequest() };
    const answer = await post('cafe', codes(), { ...good, ...body });
    expect(jsonOf(answer)).toMatchObject({ code: 'PARAM_ERROR' });
  });

  it('is for the merchant: finance looks, a cashier finds nothing', async () => {
    const body = { kind: 'static', description: 'Nee', amountMinor: '1', requestId: newRequest() };
    expect((await post('finance', codes(), body)).status).toBe(403);
    expect((await as('finance').ask('GET', codes('?kind=link'))).status).toBe(200);
    expect((await post('cashier', codes(), body)).status).toBe(403);
    expect((await as('cashier').ask('GET', codes('?kind=link'))).status).toBe(404);
  });
});

describe('guessing', () => {
  it('ends after sixty codes that are not there', async () => {
    world.clock.advance(60_000);
    const { token } = await world.parts.sessions.startGuest();
    const headers = { authorization: `Bearer ${token}` };
    const guess = async (place: number): Promise<number> => {
      const text = String(place).padStart(22, 'x');
      return (await app.browser().ask('GET', `/checkout/codes/${text}`, { headers })).status;
    };
    const answers = await Promise.all(Array.from({ length: 60 }, (_, place) => guess(place)));
    expect(new Set(answers)).toEqual(new Set([404]));
    expect(await guess(60)).toBe(429);
    world.clock.advance(60_000);
    expect(await guess(61)).toBe(404);
  });
});

describe('what the database holds to', () => {
  it('a link has no more living orders than payments it is good for, and stays withdrawn', async () => {
    const code = await link();
    await asked(await world.payer(), code, {});
    await world.parts.openOrder.run(world.orderRequest());
    const more = world.query(
      `insert into orders.counter_order (order_id, mchid, kind, request_key, code_id, user_id, created_at)
       select o.id, o.mchid, 'link', 'more', $1, 'usr_x', now() from orders.payment_order o
       where o.id not in (select order_id from orders.counter_order) limit 1`,
      [code.codeId],
    );
    await expect(more).rejects.toThrow('not paid more often');
    await switched(code, false);
    const back = world.query('update orders.counter_code set withdrawn_at = null where id = $1', [
      code.codeId,
    ]);
    await expect(back).rejects.toThrow('stays so');
  });
});
