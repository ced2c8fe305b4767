import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { assembleStaff, type StaffParts } from '../../assemble-staff.js';
import type { OrderOptions } from '../../options.js';
import { MailServer } from '../../testing/mail-server.js';
import { OrderWorld } from '../../testing/order-world.js';
import { jsonOf, StaffApp } from '../../testing/staff-app.js';

let world: OrderWorld;
let server: MailServer;
const MAIL = {
  to: 'noor@example.eu',
  subject: 'Grüße, café',
  text: 'Een regel met een é.\n.\nEn een punt alleen.',
};
const DAY_MS = 86_400_000;

interface Row {
  readonly tries: number;
  readonly sent_at: Date | null;
  readonly given_up_at: Date | null;
  readonly next_try_at: Date | null;
  readonly problem: string | null;
  readonly sealed: Buffer | null;
}

beforeAll(async () => {
  world = await OrderWorld.open();
  server = await MailServer.start();
});
beforeEach(() => {
  server.taken.length = 0;
  server.answer = '250 fine';
});
afterAll(async () => {
  await server.close();
  await world.close();
});

/** A process of its own. */
function parts(over: Partial<OrderOptions> = {}): StaffParts {
  const mailFrom = 'Stuiver <noreply@pay.example>';
  return assembleStaff({ ...world.options, mailUrl: server.url, mailFrom, ...over });
}

const owe = (dedupeKey: string): Promise<void> =>
  parts().staff.run((writes) => writes.oweMail({ ...MAIL, dedupeKey }));

async function rowOf(dedupeKey: string): Promise<Row | undefined> {
  const rows = await world.query<Row>('select * from orders.mail where dedupe_key = $1', [
    dedupeKey,
  ]);
  return rows[0];
}

describe('a mail', () => {
  it('is sent once, however often its cause is told and whoever sends', async () => {
    await Promise.all([owe('once'), owe('once'), owe('once')]);
    const counts = await Promise.all([parts().sendMail.run(), parts().sendMail.run()]);
    expect(counts[0] + counts[1]).toBe(1);
    expect(await parts().sendMail.run()).toBe(0);
    expect(server.taken).toHaveLength(1);
    expect(server.taken[0]).toMatch(/^From: Stuiver <noreply@pay\.example>$/m);
    expect(server.taken[0]).toMatch(/^To: noor@example\.eu$/m);
    expect(server.taken[0]).toMatch(/^Message-ID: <[0-9a-f-]{36}@pay\.example>$/m);
    expect(await rowOf('once')).toMatchObject({ tries: 1, next_try_at: null, problem: null });
  });

  it('is not owed when its transaction fails', async () => {
    const work = parts().staff.run(async (writes) => {
      await writes.oweMail({ ...MAIL, dedupeKey: 'never' });
      throw new Error('power cut');
    });
    await expect(work).rejects.toThrow('power cut');
    expect(await rowOf('never')).toBeUndefined();
  });

  it('is tried again, ever more slowly, and given up after two days', async () => {
    await owe('refused');
    server.answer = '450 <noor@example.eu> is busy';
    const waits: number[] = [];
    for (let tries = 1; tries <= 8; tries += 1) {
      expect(await parts().sendMail.run()).toBe(1);
      const row = await rowOf('refused');
      expect(row?.tries).toBe(tries);
      // The server says the address back; it is kept sealed only.
      expect(row?.problem).toContain('450');
      expect(row?.problem).not.toContain('noor');
      const next = row?.next_try_at?.getTime();
      if (next === undefined) break;
      waits.push((next - world.clock.now().getTime()) / 60_000);
      expect(await parts().sendMail.run()).toBe(0);
      world.clock.advance(next - world.clock.now().getTime());
    }
    expect(waits).toEqual([1, 5, 15, 60, 240, 720, 1_440]);
    expect(await rowOf('refused')).toMatchObject({ next_try_at: null, sent_at: null });
    expect((await rowOf('refused'))?.given_up_at).not.toBeNull();
    server.answer = '250 fine';
    expect(await parts().sendMail.run()).toBe(0);
  });

  it('is sent by another process when the first one dies with it in hand', async () => {
    await owe('dropped');
    const now = world.clock.now();
    const taken = await parts().mails.take({
      now,
      limit: 5,
      leaseUntil: new Date(now.getTime() + 120_000),
    });
    expect(taken).toHaveLength(1);
    expect(await parts().sendMail.run()).toBe(0);
    world.clock.advance(120_000);
    expect(await parts().sendMail.run()).toBe(1);
    expect(server.taken).toHaveLength(1);
  });

  it('names its reader in what is sealed only, and that is forgotten after thirty days', async () => {
    await owe('secret');
    const [sealed] = await world.query<{ seen: boolean }>(
      `select (dedupe_key || coalesce(problem, '')) like '%noor@%' as seen
       from orders.mail where dedupe_key = 'secret'`,
    );
    expect(sealed?.seen).toBe(false);
    world.clock.advance(31 * DAY_MS);
    await parts().sendMail.forgetOld();
    // Not sent yet: it is still owed.
    expect((await rowOf('secret'))?.sealed).not.toBeNull();
    await parts().sendMail.run();
    await parts().sendMail.forgetOld();
    expect((await rowOf('secret'))?.sealed).toBeNull();
    await owe('secret');
    expect(await parts().sendMail.run()).toBe(0);
  });

  it('that cannot be unsealed holds up no other', async () => {
    await owe('broken');
    await owe('whole');
    await world.query(`update orders.mail set sealed = '\\x00' where dedupe_key = 'broken'`);
    await parts().sendMail.run();
    expect((await rowOf('whole'))?.sent_at).not.toBeNull();
    expect((await rowOf('broken'))?.problem).toContain('sealed');
  });

  it('waits, and says why, where no mail server was named', async () => {
    await owe('waiting');
    const { mailUrl, ...options } = world.options;
    expect(mailUrl).toBeUndefined();
    await assembleStaff({ ...options, sandbox: false }).sendMail.run();
    expect((await rowOf('waiting'))?.problem).toContain('MAIL_URL');
  });
});

describe('the mailbox of the sandbox', () => {
  it('shows what was sent, to people and to programs', async () => {
    const app = await StaffApp.start(world);
    await owe('shown');
    await assembleStaff(world.options).sendMail.run();
    const browser = app.browser();
    const accept = { headers: { accept: 'application/json' } };
    const { items } = jsonOf(await browser.ask('GET', '/sandbox/mail', accept)) as {
      items: { id: string; subject: string }[];
    };
    expect(items[0]).toMatchObject({ to: MAIL.to, subject: MAIL.subject, text: MAIL.text });
    const list = await browser.ask('GET', '/sandbox/mail');
    expect(list.headers['content-type']).toContain('text/html');
    expect(list.text).toContain(MAIL.subject);
    const one = await browser.ask('GET', `/sandbox/mail/${items[0]?.id ?? ''}`);
    expect(one.text).toContain('En een punt alleen.');
    expect((await browser.ask('GET', '/sandbox/mail/x')).status).toBe(400);
    const evil = await browser.ask('GET', '/sandbox/mail', { headers: { host: 'evil.example' } });
    expect(evil.status).toBe(403);
    await app.close();
    const live = await StaffApp.start(world, { sandbox: false });
    expect((await live.browser().ask('GET', '/sandbox/mail')).status).toBe(404);
    await live.close();
  });
});
