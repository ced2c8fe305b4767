import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { FeeInvoicesIssued } from '@stuiver/console-api';
import { Money } from '@stuiver/money';
import { type Browser, pdfText, type Visit } from '@stuiver/testing';
import { MCHID, OrderWorld } from '../../../testing/order-world.js';
import { jsonOf, StaffApp } from '../../../testing/staff-app.js';
import { invoicePdf } from './invoice-pdf.js';

const MONTH_MS = 32 * 86_400_000;
const MONTH = /^20\d\d-\d\d$/;

let world: OrderWorld;
let app: StaffApp;
let month: string;

beforeAll(async () => {
  world = await OrderWorld.open();
  app = await StaffApp.start(world);
  const people = [
    { email: 'finance@example.eu', roles: ['finance'] },
    { email: 'cafe@example.eu', roles: ['merchant'], merchants: [MCHID] },
    { email: 'other@example.eu', roles: ['merchant'], merchants: ['1900000002'] },
  ];
  await world.query(
    `insert into orders.merchant (mchid, name, api_v3_key_sealed, created_at)
     values ('1900000002', 'Bakkerij', '\\x00', now())`,
  );
  for (const person of people) await app.newStaff({ name: 'Femke', ...person });
  const { userId } = await world.payer();
  for (const description of ['Coffee', 'Tea']) {
    const { attemptId } = await world.sheet(userId, { description });
    await world.confirm(attemptId, userId, 'wallet');
  }
  const format = new Intl.DateTimeFormat('sv-SE', {
    ...{ year: 'numeric', month: '2-digit', timeZone: 'Europe/Amsterdam' },
  });
  month = format.format(world.clock.now());
  world.clock.advance(MONTH_MS);
}, 60_000);
afterAll(async () => {
  await app.close();
  await world.close();
});

async function make(finance: Browser, of: string): Promise<Visit> {
  const me = jsonOf(await finance.ask('GET', '/staff/me'));
  const headers = { 'x-csrf-token': String(me['csrfToken']) };
  return finance.ask('POST', '/console/fee-invoices', { json: { month: of }, headers });
}

describe('fee invoices in the consoles', () => {
  it('are made by finance, and read and saved by their merchant alone', async () => {
    expect(month).toMatch(MONTH);
    const finance = await app.signedIn('finance@example.eu');
    expect((await make(finance, '2026-13')).status).toBe(400);
    const future = jsonOf(await make(finance, '2099-01'));
    expect(future).toMatchObject({ code: 'PARAM_ERROR', facts: { why: 'month-not-over' } });
    const { made } = jsonOf(await make(finance, month)) as unknown as FeeInvoicesIssued;
    expect(made).toMatchObject([{ mchid: MCHID, month, netMinor: '38', totalMinor: '38' }]);
    const again = await app.operator('POST', '/operator/fee-invoices', { month });
    expect(jsonOf(again)).toEqual({ made: [], waiting: [] });

    const acts = await world.query(
      `select actor_kind, subject_id from orders.audit_entry where act = 'fee-invoice-issued'`,
    );
    expect(acts).toEqual([{ actor_kind: 'staff', subject_id: made[0]?.number }]);

    const cafe = await app.signedIn('cafe@example.eu');
    const own = `/console/merchants/${MCHID}/fee-invoices`;
    const listed = jsonOf(await cafe.ask('GET', own));
    expect(listed).toMatchObject({ invoices: made });
    const number = made[0]?.number ?? '';
    const csv = await cafe.ask('GET', `${own}/${number}/csv`);
    expect(csv.text.split('\r\n')).toEqual([
      'invoice,month,merchant,method,vat_reason,vat_percent,payments,turnover_eur,net_eur,vat_eur,total_eur',
      `${number},${month},${MCHID},wallet,exempt,0,2,20.00,0.38,0.00,0.38`,
      '',
    ]);
    const pdf = await cafe.ask('GET', `${own}/${number}/pdf?lang=en`);
    expect([pdf.status, pdf.text.slice(0, 5)]).toEqual([200, '%PDF-']);
    expect((await cafe.ask('GET', `${own}/2026-000099/pdf`)).status).toBe(404);
    expect((await cafe.ask('GET', `${own}/..%2Fx/csv`)).status).toBe(404);

    const other = await app.signedIn('other@example.eu');
    expect((await other.ask('GET', `${own}/${number}/csv`)).status).toBe(404);
    const asOwn = `/console/merchants/1900000002/fee-invoices/${number}/pdf`;
    expect((await other.ask('GET', asOwn)).status).toBe(404);
    expect((await other.ask('GET', '/console/fee-invoices')).status).toBe(403);
  });
});

describe('invoicePdf', () => {
  const eur = (minor: bigint): Money => Money.ofMinor(minor, 'EUR');
  const line = {
    ...({ method: 'ideal', vat: { reason: 'standard', percent: '21' }, count: 3n } as const),
    ...{ paid: eur(12_345n), net: eur(100n), tax: eur(21n) },
  };
  const invoice = {
    issuer: 'Stuiver BV, Damrak 1',
    ...{ year: 2026, no: 7, mchid: MCHID, name: 'Café De Stuiver', month: '2026-10' },
    ...{ issuedAt: new Date('2026-11-02T09:00:00Z'), net: eur(100n), tax: eur(21n) },
  };

  it('says what is charged, and is the same bytes each time', async () => {
    const paper = await invoicePdf({ ...invoice, lines: [line] }, 'nl');
    expect(paper.equals(await invoicePdf({ ...invoice, lines: [line] }, 'nl'))).toBe(true);
    const text = pdfText(paper);
    for (const said of [
      '2026-000007',
      'oktober 2026',
      '123,45',
      '1,21',
      '21 % btw',
      'Stuiver BV',
    ]) {
      expect(text).toContain(said);
    }
  });

  it('goes on over pages', async () => {
    const lines = Array.from({ length: 60 }, () => line);
    const paper = await invoicePdf({ ...invoice, lines }, 'en');
    expect(paper.toString('latin1').match(/\/Type \/Page\b/g)?.length).toBeGreaterThan(1);
  });
});
