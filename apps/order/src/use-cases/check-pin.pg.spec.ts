import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { OrderWorld, PIN, refusalOf } from '../testing/order-world.js';

let world: OrderWorld;
beforeAll(async () => {
  world = await OrderWorld.open();
});
afterAll(() => world.close());

const check = (userId: string, pin: string): Promise<string> =>
  refusalOf(world.parts.checkPin.run({ userId, pin }));

describe('CheckPin', () => {
  it('locks after five wrong tries, also when twelve come at once', async () => {
    const { userId } = await world.payer(0n);
    const codes = await Promise.all(Array.from({ length: 12 }, () => check(userId, '000000')));

    expect(codes.filter((code) => code === 'PIN_WRONG')).toHaveLength(4);
    expect(codes.filter((code) => code === 'PIN_LOCKED')).toHaveLength(8);
    expect(await check(userId, PIN)).toBe('PIN_LOCKED');
  });

  it('opens again after fifteen minutes, with five new tries', async () => {
    const { userId } = await world.payer(0n);
    for (let tries = 0; tries < 5; tries += 1) await check(userId, '000000');
    world.clock.advance(15 * 60_000);

    expect(await check(userId, '000000')).toBe('PIN_WRONG');
    expect(await check(userId, PIN)).toBe('not refused');
  });

  it('forgets wrong tries after the right one', async () => {
    const { userId } = await world.payer(0n);
    for (let round = 0; round < 2; round += 1) {
      for (let tries = 0; tries < 4; tries += 1) await check(userId, '000000');
      expect(await check(userId, PIN)).toBe('not refused');
    }
  });

  it('is missing for a guest', async () => {
    const { userId } = await world.parts.sessions.startGuest();
    expect(await check(userId, PIN)).toBe('PIN_MISSING');
  });
});

describe('KeepAccount', () => {
  it('keeps a guest once; the recovery code brings them back', async () => {
    const { userId } = await world.parts.sessions.startGuest();
    const keep = (pin: string) => world.parts.keepAccount.run({ userId, name: 'Noor', pin });
    const { recoveryCode } = await keep('246810');

    expect(recoveryCode).toMatch(/^([2-9A-HJ-NP-Z]{5}-){3}[2-9A-HJ-NP-Z]{5}$/);
    expect(await refusalOf(keep('111111'))).toBe('STATE_CONFLICT');
    const session = await world.parts.sessions.recover(recoveryCode.toLowerCase());
    expect(session.userId).toBe(userId);
    expect(await world.parts.findPerson.run(userId)).toEqual({
      ...{ userId, name: 'Noor', guest: false, hasPin: true },
    });
  });

  it('keeps names sealed, and sessions and codes as hashes only', async () => {
    const people = await world.database.open('people');
    const { token, userId } = await world.payer(0n);
    const rows = await people.query<{ all: string }>(
      `select concat((select string_agg(s::text, '') from people.session s),
                     (select string_agg(r::text, '') from people.recovery r)) as all`,
    );
    expect(rows[0]?.all).not.toContain(token);
    expect(rows[0]?.all).toContain(userId);
  });
});
