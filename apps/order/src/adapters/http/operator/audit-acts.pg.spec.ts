import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { verifyAuditTrail } from '@stuiver/audit';
import type { AuditRecord } from '@stuiver/console-api';
import type { Browser } from '@stuiver/testing';
import pg from 'pg';
import { openFileKeyStore } from '@stuiver/key-store-file';
import type { KeyStore } from '@stuiver/ports';
import type { Database } from '@stuiver/postgres';
import { newMerchantKey } from '../../../testing/signing-merchant.js';
import { MCHID, OrderWorld } from '../../../testing/order-world.js';
import { jsonOf, PASSWORD, signIn, StaffApp, tokenOf } from '../../../testing/staff-app.js';

const EMAIL = 'femke@example.eu';

let world: OrderWorld;
let app: StaffApp;
let olga: Browser;
let femke: Browser;
let olgaId: string;
let femkeId: string;
let invitation: string;
let dir: string;
let orders: Database;
let people: Database;
let csrs: readonly string[];
const last = { orders: '0', people: '0' };

beforeAll(async () => {
  world = await OrderWorld.open();
  dir = await mkdtemp(join(tmpdir(), 'audit-'));
  orders = await world.database.open('orders');
  people = await world.database.open('people');
  csrs = await Promise.all([0, 1].map(async () => (await newMerchantKey()).csrPem));
  app = await StaffApp.start(world, { keys: await keysOf(world.options.keys) });
  olgaId = await app.newStaff({ email: 'olga@example.eu', name: 'Olga', roles: ['operator'] });
  olga = await app.signedIn('olga@example.eu');
  await news();
}, 60_000);
afterAll(async () => {
  await app.close();
  await world.close();
  await rm(dir, { recursive: true });
});

/** Those of the world, and a certificate authority beside. */
async function keysOf(worlds: KeyStore): Promise<KeyStore> {
  const file = await openFileKeyStore({ dir, clock: world.clock, random: world.random });
  const authority: Pick<KeyStore, 'issueCertificate' | 'platformKeys'> = {
    issueCertificate: (request) => file.issueCertificate(request),
    platformKeys: () => file.platformKeys(),
  };
  return Object.assign(Object.create(worlds) as KeyStore, authority);
}

/** What is on record since the last look, oldest first. */
async function news(): Promise<readonly AuditRecord[]> {
  const fresh: AuditRecord[] = [];
  for (const book of ['orders', 'people'] as const) {
    const { items } = jsonOf(await olga.ask('GET', `/console/audit/${book}`)) as {
      items?: readonly AuditRecord[];
    };
    const all = items ?? [];
    fresh.push(...all.filter(({ no }) => BigInt(no) > BigInt(last[book])).reverse());
    last[book] = all[0]?.no ?? last[book];
  }
  return fresh;
}

const operator = (method: string, path: string, json: unknown = {}): Promise<unknown> =>
  app.operator(method, `/operator/${path}`, json);

const rights = { roles: ['finance'], merchants: [] };
const program = {
  ...{ mchid: MCHID, appid: 'wxaudit0001', name: 'Koffie', description: 'Koffie en thee' },
  ...{ origin_kind: 'hosted', source: 'https://koffie.example/' },
};
const merchant = { name: 'Bakkerij', mchid: '1900000077', api_v3_key: 'a'.repeat(32) };

async function refund(): Promise<void> {
  const { userId } = await world.payer();
  const sheet = await world.sheet(userId);
  await world.confirm(sheet.attemptId, userId, 'wallet');
  const me = jsonOf(await olga.ask('GET', '/staff/me'));
  const headers = { 'x-csrf-token': String(me['csrfToken']) };
  const json = { amountMinor: '250', reason: 'Cold coffee', requestId: 'refund-0001' };
  const path = `/console/merchants/${MCHID}/orders/${sheet.orderId}/refunds`;
  await Promise.all([0, 1].map(() => olga.ask('POST', path, { json, headers })));
}

async function erase(walletMinor: bigint): Promise<void> {
  const { userId } = await world.payer(walletMinor);
  await operator('POST', `people/${userId}/erase`);
}

interface Step {
  readonly what: string;
  readonly act: () => Promise<unknown>;
  /** Exactly these entries. The actor is a kind, or `self`: the person it is about. */
  readonly leaves: readonly (readonly [act: string, actor: string])[];
}

const STEPS: readonly Step[] = [
  {
    what: 'a person is invited',
    act: async () => {
      const body = { email: EMAIL, name: 'Femke', ...rights };
      const said = jsonOf(await app.operator('POST', '/operator/staff', body));
      invitation = String(said['invitation_url']);
      femkeId = String(said['staff_id']);
    },
    leaves: [['staff-invited', 'operator']],
  },
  {
    what: 'an invitation is accepted, once',
    act: async () => {
      const form = { token: tokenOf(invitation), password: PASSWORD };
      await app.browser().ask('POST', '/staff/invitation', { form });
      await app.browser().ask('POST', '/staff/invitation', { form });
    },
    leaves: [['password-set', 'self']],
  },
  {
    what: 'a person signs in',
    act: async () => {
      femke = await app.signedIn(EMAIL);
    },
    leaves: [['signed-in', 'self']],
  },
  {
    what: 'a person types a wrong password',
    act: () => signIn(app.browser(), { email: EMAIL, password: 'iets heel anders' }),
    leaves: [['sign-in-refused', 'system']],
  },
  {
    what: 'a stranger tries',
    act: () => signIn(app.browser(), { email: 'wie@example.eu', password: PASSWORD }),
    leaves: [['sign-in-refused', 'system']],
  },
  {
    what: 'a person signs out, once',
    act: async () => {
      const me = jsonOf(await femke.ask('GET', '/staff/me'));
      const headers = { 'x-csrf-token': String(me['csrfToken']) };
      await femke.ask('POST', '/staff/sign-out', { json: {}, headers });
      await femke.ask('POST', '/staff/sign-out', { json: {}, headers });
    },
    leaves: [['signed-out', 'self']],
  },
  {
    what: 'a person is given other rights',
    act: () => operator('PUT', `staff/${femkeId}`, { ...rights, disabled: true }),
    leaves: [['staff-changed', 'operator']],
  },
  {
    what: 'a merchant is created',
    act: () => operator('POST', 'merchants', { ...merchant, csr_pem: csrs[0] }),
    leaves: [['merchant-created', 'operator']],
  },
  {
    what: 'a merchant is created again',
    act: () => operator('POST', 'merchants', { ...merchant, csr_pem: csrs[0] }),
    leaves: [],
  },
  {
    what: 'a merchant’s certificate and key are changed',
    act: () =>
      operator('POST', 'merchants', {
        ...{ ...merchant, api_v3_key: 'b'.repeat(32), csr_pem: csrs[1] },
      }),
    leaves: [
      ['merchant-certificate-added', 'operator'],
      ['merchant-api-key-set', 'operator'],
    ],
  },
  {
    what: 'a mini-program is registered, and again as it is',
    act: async () => {
      await operator('POST', 'mini-programs', program);
      await operator('POST', 'mini-programs', program);
    },
    leaves: [['mini-program-registered', 'operator']],
  },
  {
    what: 'a mini-program is changed',
    act: () => operator('POST', 'mini-programs', { ...program, name: 'Koffiehuis' }),
    leaves: [['mini-program-changed', 'operator']],
  },
  { what: 'a refund in the console', act: refund, leaves: [['refund-requested', 'staff']] },
  {
    what: 'a refund by the merchant’s own server',
    act: async () => {
      const { userId } = await world.payer();
      const sheet = await world.sheet(userId);
      await world.confirm(sheet.attemptId, userId, 'wallet');
      await world.parts.requestRefund.run({
        ...{ mchid: MCHID, by: { outTradeNo: sheet.request.outTradeNo }, outRefundNo: 'own-1' },
        ...{ amountMinor: 100n, totalMinor: 1000n, currency: 'EUR', reason: null },
        ...{ notifyUrl: null, fundsAccount: null },
      });
    },
    leaves: [],
  },
  {
    what: 'a notification is sent again',
    act: async () => {
      const [row] = await world.query<{ id: string }>(
        'select id from orders.notification order by id limit 1',
      );
      await operator('POST', `notifications/${row?.id ?? ''}/replay`);
    },
    leaves: [['notification-replayed', 'operator']],
  },
  {
    what: 'a person is erased',
    act: () => erase(0n),
    leaves: [
      ['person-erasure-begun', 'operator'],
      ['person-erased', 'operator'],
    ],
  },
  {
    what: 'a person with money is not erased',
    act: () => erase(10_000n),
    leaves: [
      ['person-erasure-begun', 'operator'],
      ['person-erasure-cancelled', 'operator'],
    ],
  },
];

describe('what staff and operators do is on record, once each', () => {
  it.each(STEPS)('$what', async ({ act, leaves }) => {
    await act();
    const fresh = await news();
    const actorOf = ({ actorId, actorKind, subjectId }: AuditRecord): string =>
      actorId !== null && actorId === subjectId ? 'self' : actorKind;
    expect(fresh.map((entry) => [entry.act, actorOf(entry)])).toEqual(leaves);
    for (const { requestId, ip } of fresh) {
      expect([requestId, ip]).toEqual([expect.any(String), '127.0.0.1']);
    }
  });

  it('with rights before and after, and who was refused', async () => {
    const find = async (query: string): Promise<AuditRecord[]> =>
      (jsonOf(await olga.ask('GET', `/console/audit/orders?${query}`)) as { items: AuditRecord[] })
        .items;
    expect(await find('act=staff-changed')).toMatchObject([
      {
        subjectId: femkeId,
        before: '{"disabled":false,"merchants":[],"roles":["finance"]}',
        after: '{"disabled":true,"merchants":[],"roles":["finance"]}',
      },
    ]);
    const refused = await find('act=sign-in-refused');
    expect(refused.map(({ subjectId }) => subjectId)).toEqual(['unknown', femkeId]);
    expect(await find(`actor=${olgaId}&act=refund-requested`)).toMatchObject([
      { reason: 'Cold coffee', subjectKind: 'refund' },
    ]);
  });

  it('names nobody, and keeps no secret', async () => {
    const rows = [
      ...(await world.query('select * from orders.audit_entry')),
      ...(await people.query('select * from people.audit_entry')),
    ];
    const text = JSON.stringify(rows);
    const words = ['Femke', 'Olga', '@', PASSWORD, 'Bakkerij', 'Koffie', 'a'.repeat(32)];
    for (const word of [...words, tokenOf(invitation)]) expect(text).not.toContain(word);
  });

  it('is good in the end, and shown to finance and operators only', async () => {
    expect((await verifyAuditTrail(orders, 'orders')).finding).toBeNull();
    expect((await verifyAuditTrail(people, 'people')).finding).toBeNull();
    const cafe = { email: 'cafe@example.eu', name: 'Café', roles: ['merchant'] };
    await app.newStaff({ ...cafe, merchants: [MCHID] });
    const browser = await app.signedIn(cafe.email);
    for (const book of ['orders', 'people']) {
      expect((await browser.ask('GET', `/console/audit/${book}`)).status).toBe(403);
      expect((await app.browser().ask('GET', `/console/audit/${book}`)).status).toBe(401);
    }
  });

  it('cannot be left out: what cannot be put on record does not happen', async () => {
    const admin = new pg.Client({ connectionString: world.database.adminUrl });
    await admin.connect();
    const never = 'add constraint nothing check (false) not valid';
    await admin.query(`alter table orders.audit_entry ${never}`);
    await admin.end();
    const change = await app.operator('PUT', `/operator/staff/${olgaId}`, {
      ...{ roles: ['finance'], merchants: [], disabled: false },
    });
    expect(change.status).toBe(500);
    const sql = 'select roles from orders.staff where id = $1';
    expect(await world.query(sql, [olgaId])).toEqual([{ roles: ['operator'] }]);
  });
});
