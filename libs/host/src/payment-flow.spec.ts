import { describe, expect, it } from '@jest/globals';
import { CheckoutProblem } from './checkout-api.js';
import {
  bench,
  IDEAL,
  LOST,
  open,
  OPEN,
  PAID,
  REFUSED,
  settled,
  WALLET,
  BANK,
} from './testing/flow-bench.js';

describe('a payment', () => {
  it('from the wallet is ok when the server says so, and closes by itself', async () => {
    const { flow, shown } = bench({ confirm: [PAID] });
    const outcome = flow.pay(() => open());
    await settled();
    void flow.confirm(WALLET);
    expect(await outcome).toBe('requestPayment:ok');
    expect(shown).toEqual(['loading', 'review', 'confirming', 'paid', 'gone']);
    expect(flow.isOpen).toBe(false);
  });

  it('at the bank sends its window there, waits, and closes the window', async () => {
    const { flow, shown, bank } = bench({ confirm: [OPEN], look: [OPEN, PAID] });
    const outcome = flow.pay(() => open());
    await settled();
    void flow.confirm(IDEAL);
    expect(await outcome).toBe('requestPayment:ok');
    expect(shown).toEqual(['loading', 'review', 'confirming', 'at bank', 'paid', 'gone']);
    expect(bank).toEqual([BANK, 'closed']);
  });

  it('confirms once, however often the button is pressed', async () => {
    const { flow, asked } = bench({ confirm: [PAID, PAID] });
    const outcome = flow.pay(() => open());
    await settled();
    for (let taps = 0; taps < 10; taps += 1) void flow.confirm(WALLET);
    await outcome;
    expect(asked.filter((call) => call === 'confirm')).toHaveLength(1);
  });

  it('is asked about when the answer to the confirm is lost, and charged once', async () => {
    const { flow, asked } = bench({ confirm: [LOST], look: [{ state: 'confirming' }, LOST, PAID] });
    const outcome = flow.pay(() => open());
    await settled();
    void flow.confirm(WALLET);
    expect(await outcome).toBe('requestPayment:ok');
    expect(asked).toEqual(['confirm', 'look', 'look', 'look']);
  });

  it('may be confirmed again when the confirm never arrived', async () => {
    const { flow, shown } = bench({ confirm: [LOST, PAID], look: [{ state: 'created' }] });
    const outcome = flow.pay(() => open());
    await settled();
    await flow.confirm(WALLET);
    expect(shown.at(-1)).toBe('NOTHING_SENT');
    void flow.confirm(WALLET);
    expect(await outcome).toBe('requestPayment:ok');
  });

  it('waits while staff look at the payment, and goes on when they have', async () => {
    const held = { state: 'created', held_until: '2026-11-23T12:00:00Z' };
    const { flow, shown, bank } = bench({
      confirm: [held, OPEN],
      look: [held, { state: 'created' }],
    });
    void flow.pay(() => open());
    await settled();
    await flow.confirm(IDEAL);
    expect(shown.slice(-3)).toEqual(['confirming', 'held', 'CHECKED']);
    expect(bank).toEqual(['closed']);
    void flow.confirm(IDEAL);
    await settled();
    expect(shown.at(-1)).toBe('at bank');
  });

  it('says so when staff refused, and offers no other try', async () => {
    const held = { state: 'created', held_until: '2026-11-23T12:00:00Z' };
    const why = { code: 'RISK_REFUSED', message: '' };
    const ended = { state: 'cancelled', err_msg: 'requestPayment:fail refused', failure: why };
    const { flow, shown } = bench({ confirm: [held], look: [ended] });
    const outcome = flow.pay(() => open());
    await settled();
    await flow.confirm(IDEAL);
    expect(shown.at(-1)).toBe('failed RISK_REFUSED');
    flow.close();
    expect(await outcome).toBe('requestPayment:fail refused');
  });

  it('goes on with an attempt that is at the bank already', async () => {
    const { flow, shown } = bench({ look: [OPEN, PAID] });
    const outcome = flow.pay(() => open({ state: 'redirected' }));
    expect(await outcome).toBe('requestPayment:ok');
    expect(shown).toEqual(['loading', 'confirming', 'at bank', 'paid', 'gone']);
  });

  it('is pending, not unsent, when an attempt at the bank cannot be asked about', async () => {
    const { flow } = bench({ look: [LOST] });
    const outcome = flow.pay(() => open({ state: 'redirected' }));
    await settled();
    flow.leave();
    expect(await outcome).toBe('requestPayment:fail pending');
  });
});

describe('a refusal', () => {
  it.each([
    ['PIN_WRONG', 'PIN_WRONG'],
    ['PIN_LOCKED', 'PIN_LOCKED'],
    ['PARAM_ERROR', 'PIN_WRONG'],
    ['PSP_UNREACHABLE', 'PSP_UNREACHABLE'],
  ])('%s lets the payer mend it', async (code, problem) => {
    const { flow, shown } = bench({ confirm: [new CheckoutProblem(code, '', {}), PAID] });
    const outcome = flow.pay(() => open());
    await settled();
    await flow.confirm(WALLET);
    expect(shown.at(-1)).toBe(problem);
    void flow.confirm(WALLET);
    expect(await outcome).toBe('requestPayment:ok');
  });

  it.each(['ORDER_ALREADY_PAID', 'ORDER_IS_CLOSED', 'ORDER_IS_EXPIRED'])(
    '%s ends it for good, in the words of the server',
    async (code) => {
      const problem = new CheckoutProblem(code, '', { err_msg: 'requestPayment:fail that is so' });
      const { flow, shown } = bench({ confirm: [problem] });
      const outcome = flow.pay(() => open());
      await settled();
      await flow.confirm(WALLET);
      expect(shown.at(-1)).toBe(`failed ${code}`);
      flow.close();
      expect(await outcome).toBe('requestPayment:fail that is so');
    },
  );

  it('by the bank waits for the payer, who may try again', async () => {
    const { flow, shown } = bench({ confirm: [REFUSED, PAID] });
    const outcome = flow.pay(() => open());
    await settled();
    await flow.confirm(IDEAL);
    expect(shown.at(-1)).toBe('failed PSP_REFUSED, again?');
    flow.again();
    await settled();
    void flow.confirm(IDEAL);
    expect(await outcome).toBe('requestPayment:ok');
  });

  it('of an unknown kind is no proof: the server is asked', async () => {
    const { flow } = bench({ confirm: [new CheckoutProblem('NEW_CODE', '', {})], look: [PAID] });
    const outcome = flow.pay(() => open());
    await settled();
    void flow.confirm(WALLET);
    expect(await outcome).toBe('requestPayment:ok');
  });

  it('of money that came too late says that it comes back', async () => {
    const late = { state: 'refundDue', err_msg: 'requestPayment:fail the payment came too late' };
    const { flow, shown } = bench({ confirm: [late] });
    void flow.pay(() => open());
    await settled();
    await flow.confirm(IDEAL);
    expect(shown.at(-1)).toBe('failed PAID_BACK');
  });

  it('to open a sheet shows nothing and says why', async () => {
    const problem = new CheckoutProblem('X', 'cancelled by shop', {});
    expect(await bench({}).flow.pay(() => Promise.reject(problem))).toBe(
      'requestPayment:fail stopped by shop',
    );
    expect(await bench({}).flow.pay(() => Promise.reject(LOST))).toBe(
      'requestPayment:fail network error',
    );
  });
});
