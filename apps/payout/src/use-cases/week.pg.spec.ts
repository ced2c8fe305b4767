import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  type Booking,
  type LedgerBookings,
  type LedgerCommand,
  paymentCommand,
} from '@stuiver/contracts';
import { commandIdOf } from '@stuiver/ids';
import { type AgreementMemory, AgreeWithLedger } from '@stuiver/agreement';
import { SilentLog } from '@stuiver/ports';
import { PAYOUT_KINDS, PayoutsSaid } from '../adapters/postgres/payouts-said.js';
import { Bank } from '../testing/bank.js';
import { euros } from '../testing/memory-psp.js';
import { ANNA, IBAN, ONE, PayoutWorld, TWO } from '../testing/payout-world.js';

const DAY_MS = 86_400_000;
const AT = '2026-11-23T10:00:00.000Z';

let world: PayoutWorld;
let bank: Bank;
let attempts = 0;
beforeEach(async () => {
  world = await PayoutWorld.open();
  bank = new Bank();
});
afterEach(() => world.close());

/** A payer pays by the PSP: the PSP keeps 29 cents, we 5 %. `told`: whether Order's fact has reached the ledger. */
async function pay(
  merchantId: string,
  amount: bigint,
  { told } = { told: true },
): Promise<() => Promise<unknown>> {
  attempts += 1;
  const attemptId = `att_${String(attempts).padStart(26, '0')}`;
  world.psp.happen({ kind: 'payment', amount, fee: 29n, reference: attemptId });
  const command = paymentCommand({
    ...{
      orderId: 'ord_1',
      attemptId,
      merchantId,
      funds: { kind: 'psp', psp: 'stripe', account: null },
    },
    ...{ method: 'ideal', amountMinor: amount.toString(), feeMinor: (amount / 20n).toString() },
    ...{ currency: 'EUR', pspReference: 'pi_1', succeededAt: world.clock.now().toISOString() },
  });
  const tell = (): Promise<unknown> => world.ledger.submit(command);
  if (told) await tell();
  return tell;
}

const imported = (content: Buffer): Promise<unknown> =>
  world.parts.recon.importStatement.run({ content, by: ANNA });

async function expectTiedOut(): Promise<void> {
  const { rows, explained } = await world.parts.recon.tieOut.run();
  expect(rows.map((row) => [row.name, row.outside.amount.minor - row.ledger.amount.minor])).toEqual(
    [
      ['psp-balance', 0n],
      ['psp-transit', 0n],
      ['bank', 0n],
    ],
  );
  expect(explained).toBe(true);
}

/** Each look compares everything. */
const FROM_THE_BEGINNING: AgreementMemory = {
  read: () => Promise.resolve({ saidUntil: new Date(0), bookedUntil: '0', open: [] }),
  keep: () => Promise.resolve(),
};

/** Every payout's approval, settlement and return is booked once with its amount, and the reverse. */
async function expectBookedAsSaid(): Promise<void> {
  world.clock.advance(DAY_MS);
  const booked = new Map(world.ledger.posted.map((command) => [command.id, bookingOf(command)]));
  const kinds: readonly string[] = PAYOUT_KINDS;
  const ledger: LedgerBookings = {
    bookings: (ids) => Promise.resolve(ids.flatMap((id) => booked.get(id) ?? [])),
    bookingsOf: () => {
      const bookings = [...booked.values()].filter(({ kind }) => kinds.includes(kind));
      return Promise.resolve({ bookings, next: null });
    },
  };
  const agreement = new AgreeWithLedger(new PayoutsSaid(world.database), ledger, {
    ...{ kinds: PAYOUT_KINDS, service: 'payout', memory: FROM_THE_BEGINNING },
    ...{ clock: world.clock, log: new SilentLog() },
  });
  expect([...booked.values()].map(({ kind }) => kind)).toEqual(
    expect.arrayContaining([...PAYOUT_KINDS]),
  );
  expect(await agreement.run()).toEqual([]);
  for (const kind of PAYOUT_KINDS) {
    const booking = [...booked.values()].find((one) => one.kind === kind);
    if (booking === undefined) continue;
    const { commandId, subject } = booking;
    booked.delete(commandId);
    const [found] = await agreement.run();
    expect(found).toEqual({ commandId, kind, id: subject, reason: 'not-booked' });
    booked.set(commandId, booking);
  }
  const payoutId = 'pot_unknown';
  const strange = commandIdOf('payout-settle', payoutId);
  booked.set(strange, {
    ...{ commandId: strange, kind: 'payout-settle', outcome: 'posted', amountMinor: '1' },
    ...{ subject: payoutId, isReversed: false, bookedAt: AT },
  });
  expect(await agreement.run()).toEqual([
    { commandId: strange, kind: 'payout-settle', id: payoutId, reason: 'unknown-here' },
  ]);
}

function bookingOf(command: LedgerCommand): Booking {
  return {
    ...{ commandId: command.id, kind: command.kind, outcome: 'posted', bookedAt: AT },
    isReversed: false,
    amountMinor: 'amountMinor' in command ? command.amountMinor : null,
    subject: 'payoutId' in command ? command.payoutId : null,
  };
}

describe('a week', () => {
  it('adds up to 0.00 every day, and what differs is open under its name', async () => {
    // Monday: two merchants sell, and the day is paid out.
    await pay(ONE, 10_000n);
    await pay(TWO, 4_000n);
    await expectTiedOut();
    expect(await world.openItems()).toEqual({});
    const monday = await world.payOut();
    const sent = await world.takeFromPsp(13_000n);
    await expectTiedOut();
    expect(await world.openItems()).toEqual({
      'payout-not-on-bank': [`payout:${monday(ONE).id}`, `payout:${monday(TWO).id}`].sort(),
      'psp-payout-not-on-bank': ['psp-payout:po_Bank1'],
    });

    // Tuesday: the PSP's money arrives, one payout is paid, the bank rejects the other.
    world.clock.advance(DAY_MS);
    const tuesday = [
      { amount: 13_000n, remittance: `STRIPE ${sent.replace('_', '-')}` },
      { amount: -9_500n, endToEndId: monday(ONE).endToEndId },
    ];
    const file = bank.day('2026-11-24', tuesday);
    await imported(file);
    await world.parts.recon.reject.run({ payoutId: monday(TWO).id, code: 'AC04' });
    await expectTiedOut();
    expect(await world.openItems()).toEqual({ 'payout-rejected': [`payout:${monday(TWO).id}`] });
    expect(world.ledger.balance(`merchant:${TWO}:available`)).toBe(3_800n);

    // The same file again is nothing; another one for the same day is refused and stays open.
    expect(await imported(file)).toMatchObject({ repeated: true });
    bank.forget(tuesday);
    const twin = bank.day('2026-11-24', [...tuesday, { amount: 1n }]);
    await expect(imported(twin)).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
    bank.forget([{ amount: 1n }, ...tuesday]);
    bank.day('2026-11-24', tuesday);
    await expectTiedOut();

    // Wednesday: the paid one comes back, an unknown line is there, and a payment is on its way to the ledger.
    world.clock.advance(DAY_MS);
    await imported(
      bank.day('2026-11-25', [
        { amount: 9_500n, endToEndId: monday(ONE).endToEndId, returnReason: 'AC01' },
        { amount: 777n, remittance: 'happy birthday' },
      ]),
    );
    const tell = await pay(ONE, 2_000n, { told: false });
    const { rows, explained } = await world.parts.recon.tieOut.run();
    expect(explained).toBe(true);
    expect(rows[0]).toMatchObject({ name: 'psp-balance', explained: euros(2_000n) });
    expect(await world.openItems()).toMatchObject({
      'payout-returned': [`payout:${monday(ONE).id}`],
      'payout-rejected': [`payout:${monday(TWO).id}`],
      'bank-line-without-match': [expect.stringMatching(/^bank-line:/)],
      'duplicate-statement': [expect.stringMatching(/^statement:/)],
      'psp-transaction-without-booking': [expect.stringMatching(/^psp-transaction:/)],
    });
    expect(world.ledger.balance('suspense:bank-line')).toBe(777n);
    await tell();
    await expectTiedOut();

    // Thursday: nobody confirmed a payee, so nothing is paid; then both are.
    world.clock.advance(DAY_MS);
    const held = await world.parts.run.run({ maker: ANNA, checker: 'Bram' });
    expect(held.paid).toBeNull();
    expect(held.held.map(({ reason }) => reason)).toEqual(
      expect.arrayContaining([
        expect.stringContaining('(AC04): confirm or change the payee'),
        expect.stringContaining('(AC01): confirm or change the payee'),
      ]),
    );
    await world.parts.keepPayee.confirm(ONE);
    const twee = { merchantId: TWO, name: 'Café Twee', iban: IBAN };
    await world.rules('update payout.four_eyes set cool_off_hours = 0');
    await world.parts.keepPayee.run(twee, { maker: ANNA, checker: 'Bram' });
    const again = await world.parts.run.run({ maker: ANNA, checker: 'Bram' });
    expect(again.paid?.payouts.map(({ amount }) => amount.minor).sort()).toEqual([
      1_900n,
      3_800n,
      9_500n,
    ]);

    // Friday: the file is one line of the statement.
    world.clock.advance(DAY_MS);
    const batch = again.paid?.batch.id.replace('_', '-') ?? '';
    await imported(bank.day('2026-11-27', [{ amount: -15_200n, batch }]));
    await expectTiedOut();
    expect(Object.keys(await world.openItems()).sort()).toEqual([
      'bank-line-without-match',
      'duplicate-statement',
    ]);
    expect(world.ledger.balance(`merchant:${ONE}:payout`)).toBe(0n);
    expect(world.ledger.balance('fees:psp')).toBe(87n);
    expect(await world.said()).toMatchObject({
      'payout.exported.v1': 5,
      'payout.settled.v1': 4,
      'payout.rejected.v1': 1,
      'payout.returned.v1': 1,
    });
    await expectBookedAsSaid();
  });
});
