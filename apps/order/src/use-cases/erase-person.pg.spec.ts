import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Refusal } from '@stuiver/errors';
import { metadataText } from '@stuiver/proof';
import { MCHID, OrderWorld, PowerCut, refusalOf } from '../testing/order-world.js';
import { sha256 as sha256Of } from './canonical.js';
import { CRASH_POINTS } from './crash-points.js';

describe('erasing a person', () => {
  let world: OrderWorld;
  beforeAll(async () => {
    world = await OrderWorld.open();
  }, 60_000);
  afterAll(() => world.close());

  const erase = (userId: string) => world.parts.erasePerson.run(userId);

  async function ruleAgainst(userId: string): Promise<string | undefined> {
    const refused = await erase(userId).then(
      () => undefined,
      (error: unknown) => error,
    );
    return refused instanceof Refusal && refused.code === 'STATE_CONFLICT'
      ? refused.facts['rule']
      : undefined;
  }

  /** A payer who spent all they had. */
  async function spentPayer() {
    const payer = await world.payer(1_000n);
    const { attemptId, orderId } = await world.sheet(payer.userId, {
      extra: { scene_info: { payer_client_ip: '192.0.2.7' }, detail: { cost_price: 1 } },
    });
    await world.confirm(attemptId, payer.userId, 'wallet');
    return { ...payer, attemptId, orderId };
  }

  async function opened(attemptId: string, userId: string) {
    const sealed = await world.parts.orders.sealedMetadata(attemptId);
    return world.parts.commitMetadata.open(attemptId, userId, sealed);
  }

  /** What is kept with an attempt. */
  async function keptWith(attemptId: string) {
    const [row] = await world.query<{ sha256: Buffer; sealed: Buffer }>(
      'select metadata_sha256 as sha256, metadata_sealed as sealed from orders.attempt where id = $1',
      [attemptId],
    );
    if (row === undefined) throw new Error('attempts stay');
    return { sha256: row.sha256.toString('hex'), sealed: row.sealed };
  }

  it('leaves a hash of what a payment said of them, and nothing that opens it', async () => {
    const { userId, attemptId, token } = await spentPayer();
    const { sha256, sealed } = await keptWith(attemptId);
    const before = await opened(attemptId, userId);
    if (before === null) throw new Error('a payment says something of its payer');
    expect(before.fields).toMatchObject({ payee: MCHID, description: 'Coffee' });
    expect(before.fields['payer']).toMatch(/^o[\w-]{27}$/);
    expect(hexOf(metadataText(before.salt, before.fields))).toBe(sha256);
    const booked = world.ledger.posted.filter((command) => command.metadataSha256 === sha256);
    const chance: unknown = expect.stringMatching(/^[0-9a-f]{32}$/);
    expect(booked).toMatchObject([{ kind: 'payment', attemptId, contentSalt: chance }]);
    expect(JSON.stringify(booked)).not.toContain(before.salt);
    expect(await erase(userId)).toMatchObject({ now: true });
    // Also what somebody copied before.
    expect(await world.parts.commitMetadata.open(attemptId, userId, sealed)).toBeNull();
    expect(await opened(attemptId, userId)).toBeNull();
    expect(await world.parts.sessions.userOf(token)).toBeUndefined();
  });

  it('leaves no row of them in schema people but that they were erased', async () => {
    const { userId, orderId } = await spentPayer();
    await erase(userId);
    const people = await world.database.open('people');
    const [rows] = await people.query<{ all: string | null }>(
      `select concat((select string_agg(p::text, '') from people.person p where user_id = $1),
                     (select string_agg(p::text, '') from people.pin p where user_id = $1),
                     (select string_agg(p::text, '') from people.session p where user_id = $1),
                     (select string_agg(p::text, '') from people.recovery p where user_id = $1),
                     (select string_agg(p::text, '') from people.person_key p where user_id = $1)) as all`,
      [userId],
    );
    expect(rows?.all).toBe('');
    const [order] = await world.query<{ extra: object }>(
      'select extra from orders.payment_order where id = $1',
      [orderId],
    );
    expect(order?.extra).toEqual({ detail: { cost_price: 1 } });
    await expect(
      people.query('delete from people.erasure where user_id = $1', [userId]),
    ).rejects.toThrow('who was erased stays erased');
  });

  it('does nothing the second time, and says when the first was', async () => {
    const { userId } = await spentPayer();
    const first = await erase(userId);
    expect(await erase(userId)).toEqual({ erasedAt: first.erasedAt, now: false });
    expect(await refusalOf(erase('usr_00000000000000000000000000'))).toBe('NOT_FOUND');
  });

  it('is refused while there is money in the wallet, and the person goes on as before', async () => {
    const { userId, token } = await world.payer(250n);
    expect(await ruleAgainst(userId)).toContain('EUR 2.50 in the wallet');
    expect(await world.parts.sessions.userOf(token)).toBe(userId);
    const { attemptId } = await world.sheet(userId, { amountMinor: 250n });
    await world.confirm(attemptId, userId, 'wallet');
    expect(await erase(userId)).toMatchObject({ now: true });
  });

  it('is refused while a payment is at the bank', async () => {
    const { userId } = await world.payer(0n);
    const { attemptId } = await world.sheet(userId);
    await world.confirm(attemptId, userId, 'ideal');
    expect(await ruleAgainst(userId)).toContain('payment: 1');
    await world.parts.cancelAttempt.run({ attemptId, userId });
    expect(await erase(userId)).toMatchObject({ now: true });
  });

  it('shuts the person out from its first step on', async () => {
    const { userId, token } = await spentPayer();
    world.ledger.setDown(true);
    await expect(erase(userId)).rejects.toThrow();
    world.ledger.setDown(false);
    expect(await world.parts.sessions.userOf(token)).toBeUndefined();
    expect(await refusalOf(world.parts.sessions.openFor(userId))).toBe('NOT_SIGNED_IN');
    const { attemptId, orderId } = await world.sheet(userId);
    expect(await refusalOf(world.confirm(attemptId, userId, 'ideal'))).toBe('NOT_SIGNED_IN');
    await world.parts.closeOrder.expire(orderId);
    await expectErasedAlone(userId);
  });

  const points = CRASH_POINTS.filter((point) => point.startsWith('erasure.'));
  it.each(points)('is carried on after a death at %s', async (point) => {
    const { userId } = await spentPayer();
    world.crash.at = point;
    await expect(erase(userId)).rejects.toThrow(PowerCut);
    world.parts = world.assemble();
    await expectErasedAlone(userId);
    expect(await erase(userId)).toMatchObject({ now: false });
  });

  async function expectErasedAlone(userId: string): Promise<void> {
    await world.work('the erasure is carried on', async () => {
      const erasure = await world.parts.erasures.erasure(userId);
      return erasure?.erasedAt !== null;
    });
  }
});

function hexOf(text: string): string {
  return Buffer.from(sha256Of(text)).toString('hex');
}
