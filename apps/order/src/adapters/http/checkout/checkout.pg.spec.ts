import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHttpApp } from '@stuiver/http';
import { SilentLog } from '@stuiver/ports';
import { eventually } from '@stuiver/testing';
import { OrderModule } from '../../../order.module.js';
import { APPID, OrderWorld, PIN } from '../../../testing/order-world.js';

const PAGE = 'http://localhost:8080';
type Json = Record<string, unknown>;

let world: OrderWorld;
let app: NestFastifyApplication;
let address: string;

beforeAll(async () => {
  world = await OrderWorld.open();
  const { userId } = await world.payer();
  const demoPayersFile = join(await mkdtemp(join(tmpdir(), 'stuiver-')), 'payers.json');
  await writeFile(demoPayersFile, JSON.stringify([{ user_id: userId, name: 'Sanne', pin: PIN }]));
  app = await createHttpApp(OrderModule.with({ ...world.options, demoPayersFile }), {
    log: new SilentLog(),
    random: world.random,
  });
  await app.listen(0, '127.0.0.1');
  address = (await app.getUrl()).replace('[::1]', '127.0.0.1');
});
afterAll(async () => {
  await app.close();
  await world.close();
});

interface Asked {
  readonly token?: string;
  readonly cookie?: string;
  readonly origin?: string;
  readonly type?: string;
}

async function call(method: string, path: string, body?: unknown, by: Asked = {}) {
  const answer = await fetch(`${address}${path}`, {
    method,
    redirect: 'manual',
    headers: {
      ...(by.token === undefined ? {} : { authorization: `Bearer ${by.token}` }),
      ...(by.cookie === undefined ? {} : { cookie: by.cookie }),
      ...(by.origin === undefined ? {} : { origin: by.origin }),
      ...(body === undefined ? {} : { 'content-type': by.type ?? 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  const json = (text === '' ? {} : JSON.parse(text)) as Json;
  return { status: answer.status, headers: answer.headers, json };
}

async function newGuest(): Promise<{ cookie: string; userId: string }> {
  const { json, headers } = await call('POST', '/wallet/session/guest');
  const cookie = (headers.getSetCookie()[0] ?? '').split(';', 1)[0] ?? '';
  return { cookie, userId: String((json['user'] as Json)['user_id']) };
}

async function newOrder(over: object = {}) {
  const request = world.orderRequest(over);
  return { request, ...(await world.parts.openOrder.run(request)) };
}

describe('a guest', () => {
  it('opens a sheet, goes to the bank and comes back, with a cookie and nothing typed', async () => {
    const { cookie } = await newGuest();
    const by = { cookie, origin: PAGE };
    const login = await call('POST', '/checkout/login', { appid: APPID }, by);
    expect(login.json['code']).toMatch(/^.{32}$/);
    const goods = { merchant_goods_id: 'c1', goods_name: 'Espresso', quantity: 2, unit_price: 500 };
    const { prepayId, request } = await newOrder({ extra: { detail: { goods_detail: [goods] } } });

    const sheet = await call('POST', '/checkout/attempts', world.callOf(prepayId), by);
    expect(sheet.status).toBe(201);
    expect(sheet.json).toMatchObject({
      ...{ state: 'created', payee: { name: 'Café De Stuiver' }, description: 'Coffee' },
      amount: { total_minor: '1000', currency: 'EUR' },
      lines: [{ name: 'Espresso', quantity: 2, unit_price_minor: '500' }],
      ...{ sources: [{ method: 'ideal' }, { method: 'card' }], preferred: 'ideal' },
    });

    const path = `/checkout/attempts/${String(sheet.json['attempt_id'])}`;
    const confirmed = await call('POST', `${path}/confirm`, { method: 'ideal' }, by);
    expect(confirmed.json).toMatchObject({ state: 'redirected', err_msg: null });
    expect(confirmed.json['redirect_url']).toContain('https://bank.test/');

    const watch = call('GET', `${path}?wait_ms=5000&seen=redirected`, undefined, { cookie });
    world.psp.settle(String(sheet.json['attempt_id']), 'succeeded');
    const back = await call('GET', `/checkout/return/${String(sheet.json['attempt_id'])}`);
    expect(back.status).toBe(303);
    expect(back.headers.get('location')).toContain(`${PAGE}/returned?attempt=att_`);
    expect((await watch).json).toMatchObject({ state: 'succeeded', err_msg: 'requestPayment:ok' });
    expect(await world.stateOf(request)).toBe('SUCCESS');
  });

  it('stays the same person, and another site cannot act for them', async () => {
    const { cookie, userId } = await newGuest();
    const again = await call('POST', '/wallet/session/guest', undefined, { cookie, origin: PAGE });
    expect(again.status).toBe(200);
    expect((again.json['user'] as Json)['user_id']).toBe(userId);

    const evil = { cookie, origin: 'https://evil.test' };
    const login = await call('POST', '/checkout/login', { appid: APPID }, evil);
    expect(login.status).toBe(403);
    const silent = await call('POST', '/checkout/login', { appid: APPID }, { cookie });
    expect(silent.status).toBe(403);
    expect((await call('GET', '/wallet/session')).status).toBe(401);
  });

  it('keeps the account, fills the wallet and pays from it', async () => {
    const { cookie } = await newGuest();
    const by = { cookie, origin: PAGE };
    const kept = await call('POST', '/wallet/keep', { name: 'Noor', pin: PIN }, by);
    expect(kept.json).toMatchObject({ user: { name: 'Noor', guest: false, has_pin: true } });
    const card = { amount_minor: '2500', method: 'card', card_token: 'pm_card_visa' };
    expect((await call('POST', '/wallet/top-ups', card, by)).json).toMatchObject({
      state: 'succeeded',
    });
    const { prepayId } = await newOrder();
    const sheet = await call('POST', '/checkout/attempts', world.callOf(prepayId), by);
    expect(sheet.json['preferred']).toBe('wallet');
    const path = `/checkout/attempts/${String(sheet.json['attempt_id'])}/confirm`;

    const wrong = await call('POST', path, { method: 'wallet', pin: '000000' }, by);
    expect(wrong.status).toBe(403);
    expect(wrong.json).toMatchObject({ code: 'PIN_WRONG', facts: { tries_left: '4' } });
    const paid = await call('POST', path, { method: 'wallet', pin: PIN }, by);
    expect(paid.json).toMatchObject({ state: 'succeeded', err_msg: 'requestPayment:ok' });

    const balance = await call('GET', '/wallet/balance', undefined, { cookie });
    expect(balance.json).toEqual({ currency: 'EUR', available_minor: '1500', held_minor: '0' });
    const first = await call('GET', '/wallet/history?limit=1', undefined, { cookie });
    const next = String(first.json['next']);
    const rest = await call('GET', `/wallet/history?before=${next}`, undefined, { cookie });
    const items = [...(first.json['items'] as Json[]), ...(rest.json['items'] as Json[])];
    expect(items.map((item) => item['amount_minor']).sort()).toEqual(['-1000', '2500']);
    expect(rest.json['next']).toBeNull();
  });

  it('cancels before the confirm, and hears exactly that', async () => {
    const { cookie } = await newGuest();
    const by = { cookie, origin: PAGE };
    const { prepayId } = await newOrder();
    const sheet = await call('POST', '/checkout/attempts', world.callOf(prepayId), by);
    const path = `/checkout/attempts/${String(sheet.json['attempt_id'])}`;

    const left = await call('POST', `${path}/cancel`, undefined, by);
    expect(left.json).toMatchObject({ state: 'cancelled', err_msg: 'requestPayment:fail cancel' });
    const stranger = await newGuest();
    expect((await call('GET', path, undefined, { cookie: stranger.cookie })).status).toBe(404);
  });
});

describe('a card', () => {
  it('is paid in the PSP’s own fields, whose secret only its payer gets', async () => {
    const { cookie } = await newGuest();
    const by = { cookie, origin: PAGE };
    const { prepayId } = await newOrder();
    const sheet = await call('POST', '/checkout/attempts', world.callOf(prepayId), by);
    expect(sheet.json['sources']).toContainEqual({ method: 'card' });
    const path = `/checkout/attempts/${String(sheet.json['attempt_id'])}`;
    expect((await call('GET', `${path}/card`, undefined, { cookie })).status).toBe(404);

    const confirmed = await call('POST', `${path}/confirm`, { method: 'card' }, by);
    expect(confirmed.json).toMatchObject({
      state: 'redirected',
      redirect_url: `${PAGE}/card?attempt=${String(sheet.json['attempt_id'])}`,
    });
    const fields = await call('GET', `${path}/card`, undefined, { cookie });
    expect(fields.json).toMatchObject({
      secret: expect.stringContaining('_secret'),
      publishable_key: 'pk_test',
      amount: { total_minor: '1000', currency: 'EUR' },
    });
    const stranger = await newGuest();
    const seen = await call('GET', `${path}/card`, undefined, { cookie: stranger.cookie });
    expect(seen.status).toBe(404);
  });
});

describe('bad input', () => {
  it('gets the rule it broke and its field, never a 500', async () => {
    const { cookie } = await newGuest();
    const by = { cookie, origin: PAGE };
    const post = async (path: string, body: unknown) => (await call('POST', path, body, by)).status;

    expect(await post('/checkout/attempts', {})).toBe(400);
    expect(await post('/checkout/attempts', { ...world.callOf('wx0'), more: 1 })).toBe(400);
    expect(await post('/checkout/attempts/by-code', { code: 'none' })).toBe(400);
    expect(await post('/checkout/attempts/att_none/confirm', { method: 'ideal' })).toBe(404);
    expect(await post('/checkout/attempts/att_none/confirm', { method: 'card' })).toBe(404);
    expect(await post('/checkout/attempts/att_none/confirm', { method: 'cheque' })).toBe(400);
    expect(await post('/wallet/top-ups', { amount_minor: '1.5', method: 'ideal' })).toBe(400);
    expect(await post('/wallet/top-ups', { amount_minor: 100, method: 'ideal' })).toBe(400);
    expect(await post('/wallet/keep', { name: 'x', pin: '12345' })).toBe(400);
    expect(await post('/wallet/session', { token: 'x'.repeat(43) })).toBe(401);
    expect(await post('/webhooks/psp/order', { forged: true })).toBe(400);
    expect((await call('GET', '/checkout/return/nothing')).status).toBe(404);
    expect((await call('GET', '/wallet/history?before=x', undefined, { cookie })).status).toBe(400);
    const forged = { ...world.callOf('wx0'), paySign: 'Zm9yZ2Vk' };
    const refused = await call('POST', '/checkout/attempts', forged, by);
    expect(refused.json).toMatchObject({
      code: 'PAY_SIGN_WRONG',
      facts: { err_msg: 'requestPayment:fail paySign is wrong' },
    });
  });
});

describe('POST /sandbox/pay', () => {
  const pay = async (ticket: object, method: string, outcome: string) =>
    (await call('POST', '/sandbox/pay', { ...ticket, method, outcome })).json;

  it.each([
    ['wallet', 'success', 'requestPayment:ok', 'SUCCESS'],
    ['wallet', 'cancel', 'requestPayment:fail cancel', 'NOTPAY'],
    ['wallet', 'fail', 'requestPayment:fail the PIN is wrong', 'NOTPAY'],
    ['wallet', 'abandon', 'requestPayment:fail pending', 'NOTPAY'],
    ['ideal', 'abandon', 'requestPayment:fail pending', 'NOTPAY'],
    ['card', 'success', 'requestPayment:ok', 'SUCCESS'],
    ['card', 'fail', 'requestPayment:fail the card was refused', 'NOTPAY'],
  ])('by %s to %s says what the payer would hear', async (method, outcome, errMsg, state) => {
    const { prepayId } = await newOrder();
    const said = await pay({ prepay_id: prepayId }, method, outcome);
    expect(said).toEqual({ errMsg, trade_state: state });
  });

  it('pays a native order by its link, and refuses to pay it twice', async () => {
    const { code } = await newOrder({ tradeType: 'NATIVE' });
    const ticket = { code_url: `${PAGE}/p/${String(code)}` };
    expect(await pay(ticket, 'wallet', 'success')).toMatchObject({ errMsg: 'requestPayment:ok' });
    expect(await pay(ticket, 'wallet', 'success')).toEqual({
      ...{ errMsg: 'requestPayment:fail the order is already paid', trade_state: 'SUCCESS' },
    });
  });

  it('takes JSON only, about tickets that exist', async () => {
    const body = { prepay_id: 'wx0', method: 'wallet', outcome: 'success' };
    expect((await call('POST', '/sandbox/pay', body)).status).toBe(400);
    expect((await call('POST', '/sandbox/pay', body, { type: 'text/plain' })).status).toBe(400);
  });

  it('is worked on by the loops that started with the application', async () => {
    const { prepayId } = await newOrder();
    await pay({ prepay_id: prepayId }, 'wallet', 'success');
    await eventually('the events went out', async () => {
      const rows = await world.query('select 1 from orders.outbox where sent_at is null');
      return rows.length === 0;
    });
  });
});
