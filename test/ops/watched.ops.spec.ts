import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type DemoMerchant,
  type DemoPayer,
  eventually,
  type RunningStuiver,
  startStuiver,
} from '@stuiver/testing';
import { merchantClient } from '../support/merchant-client.js';
import { expressions, parsePromql, seriesOf } from '../support/ops-files.js';

/*
 * One product at the most talkative level, through payments, a refund, a payout and some nonsense: its figures are those
 * that alerts and dashboard read, and its log says which request it was and nothing of anybody.
 */

const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const CARD = '4242424242424242';
const IBAN = 'NL91ABNA0417164300';
const MAIL = 'ada@lovelace.example';

let stuiver: RunningStuiver;
let merchant: DemoMerchant;
let payer: DemoPayer;

beforeAll(async () => {
  stuiver = await startStuiver({ environment: { STUIVER_LOG: 'info' } });
  merchant = await stuiver.merchant();
  const [first] = await stuiver.payers();
  if (first === undefined) throw new Error('the demo has payers');
  payer = first;
  await pay('watched-0001', 'wallet');
  await pay('watched-0002', 'ideal');
  await pay('watched-0003', 'card');
  await refund('watched-0001');
  await nonsense();
  await stuiver.cli('payout', 'run', '--date', 'today');
}, 120_000);

afterAll(async () => {
  await stuiver.dispose();
}, 60_000);

async function pay(number: string, method: string): Promise<void> {
  const order = await merchantClient(merchant).post('v3/pay/transactions/jsapi', {
    ...{ appid: merchant.appid, mchid: merchant.mchid, description: 'Koffie' },
    ...{ out_trade_no: number, notify_url: `${stuiver.cafeUrl}/notify` },
    ...{ amount: { total: 325, currency: 'EUR' }, payer: { openid: payer.openid } },
  });
  await postJson('/sandbox/pay', {
    ...{ prepay_id: order['prepay_id'], openid: payer.openid, method, outcome: 'success' },
  });
  await eventually(`${number} is paid`, async () => {
    const path = `v3/pay/transactions/out-trade-no/${number}`;
    const found = await merchantClient(merchant).get(path, { mchid: merchant.mchid });
    return found['trade_state'] === 'SUCCESS';
  });
}

async function refund(number: string): Promise<void> {
  await merchantClient(merchant).post('v3/refund/domestic/refunds', {
    ...{ out_trade_no: number, out_refund_no: `${number}-r` },
    amount: { refund: 125, total: 325, currency: 'EUR' },
  });
}

/** What people and scanners send where nobody asked for it. */
async function nonsense(): Promise<void> {
  await fetch(`${stuiver.apiUrl}/v3/${IBAN}/${MAIL}?card=${CARD}`, {
    headers: {
      ...{ 'request-id': 'the-caller-1', traceparent: `00-${TRACE_ID}-00f067aa0ba902b7-01` },
      authorization: `Bearer ${payer.token}`,
    },
  });
  await fetch(`${stuiver.apiUrl}/wallet/balance`, {
    headers: { authorization: `Bearer ${payer.token}`, 'request-id': CARD },
  });
  await postJson('/sandbox/pay', { prepay_id: CARD, openid: IBAN, method: MAIL, pin: payer.pin });
}

async function postJson(path: string, body: object): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  await fetch(`${stuiver.apiUrl}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
}

function lines(): readonly Record<string, unknown>[] {
  const text = stuiver.log().split('\n');
  return text
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

async function metrics(): Promise<string> {
  return (await fetch(`${stuiver.apiUrl}/metrics`)).text();
}

describe('the figures', () => {
  it('are all that alerts and dashboard read', async () => {
    const told = seriesOf(await metrics());
    const read = expressions().flatMap(({ expr }) => parsePromql(expr).metrics);
    expect(read.filter((name) => !told.has(name))).toEqual([]);
  });

  it('say that all is well after payments, a refund and a payout', async () => {
    const text = await metrics();
    expect(text).toMatch(/^stuiver_trial_balance_difference_minor\{currency="EUR"\} 0$/m);
    expect(text).toMatch(/^stuiver_attempts_stuck\{kind="payment"\} 0$/m);
    expect(text).toMatch(/^stuiver_notifications_exhausted 0$/m);
    expect(text).toMatch(/^stuiver_ledger_commands_waiting 0$/m);
    expect(text).toMatch(/^stuiver_ledger_head [1-9]\d*$/m);
    expect(text).not.toMatch(/^stuiver_metrics_read_failed\{.*\} 1$/m);
    for (const service of ['order', 'ledger', 'payout']) {
      expect(text).toContain(`stuiver_outbox_unsent{service="${service}"}`);
    }
  });

  it('count requests by pattern, never by path', async () => {
    const text = await metrics();
    expect(text).toMatch(
      /^stuiver_http_request_seconds_count\{method="POST",route="\/v3\/pay\/transactions\/jsapi",status="2xx"\} 3$/m,
    );
    expect(text).not.toContain('watched-0001');
    expect(text).not.toContain(IBAN);
  });
});

describe('the log at level info', () => {
  it('has a line for each request with its pattern, request id and trace', () => {
    const answered = lines().filter(({ msg }) => msg === 'request answered');
    expect(answered.length).toBeGreaterThan(10);
    for (const line of answered) {
      expect(line).toMatchObject({
        ...{ method: expect.any(String), route: expect.any(String), status: expect.any(Number) },
        ...{ ms: expect.any(Number), request_id: expect.any(String) },
        trace_id: expect.stringMatching(/^[0-9a-f]{32}$/),
      });
    }
    expect(answered).toContainEqual(
      expect.objectContaining({ request_id: 'the-caller-1', trace_id: TRACE_ID }),
    );
  });

  it('says nothing of anybody: no token, PIN, key, name, address, account or card number', async () => {
    const text = stuiver.log();
    const secrets = [
      ...[payer.token, payer.name, payer.openid, merchant.app_secret, merchant.api_v3_key],
      ...[await stuiver.operatorToken(), CARD, IBAN, MAIL, 'k_test_stuiver', 'PRIVATE KEY'],
    ];
    expect(secrets.filter((secret) => text.includes(secret))).toEqual([]);
    const values = lines().flatMap((line) => Object.values(line).map(String));
    expect(values.filter((value) => value === payer.pin)).toEqual([]);
    expect(text).not.toMatch(/[\w.]+@[\w-]+\.\w+/);
    expect(text).not.toMatch(/\b[A-Z]{2}\d{2}[A-Z]{4}\d{10}\b/);
  });

  it('names no field that its list does not know', () => {
    const masked = lines().filter((line) => JSON.stringify(line).includes('key not listed'));
    expect(masked).toEqual([]);
  });
});
