import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { assembleStaff, type StaffParts } from '../../assemble-staff.js';
import { MailServer } from '../../testing/mail-server.js';
import { OrderWorld } from '../../testing/order-world.js';
import { StaffApp } from '../../testing/staff-app.js';

const SHOP = '1900000001';
const ASKED = {
  ...{ payeeChangeId: `pyc_${'0'.repeat(26)}`, merchantId: SHOP },
  askedAt: '2026-11-23T10:00:00.000Z',
};

let world: OrderWorld;
let server: MailServer;
let app: StaffApp;
let parts: StaffParts;
beforeAll(async () => {
  world = await OrderWorld.open();
  server = await MailServer.start();
  app = await StaffApp.start(world);
  const options = { ...world.options, mailUrl: server.url, publicUrl: 'https://pay.example' };
  parts = assembleStaff(options);
  const merchants = [SHOP];
  for (const name of ['mira', 'noor']) {
    await app.newStaff({ email: `${name}@example.eu`, roles: ['merchant'], merchants });
  }
  await app.newStaff({ email: 'fien@example.eu', roles: ['finance'] });
});
afterAll(async () => {
  await app.close();
  await server.close();
  await world.close();
});

describe('another account that was asked for', () => {
  it('is told to each of the merchant’s people once, and to nobody else', async () => {
    await parts.tellPayeeChange.run(ASKED);
    await parts.tellPayeeChange.run(ASKED);
    const mails = await world.query<{ dedupe_key: string }>(
      `select dedupe_key from orders.mail where dedupe_key like 'payee-change/%'`,
    );
    expect(mails).toHaveLength(2);
  });
});
