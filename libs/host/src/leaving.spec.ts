import { describe, expect, it } from '@jest/globals';
import type { OpenedSheet, ShownAttempt } from './checkout-api.js';
import {
  bench,
  CANCELLED,
  IDEAL,
  LOST,
  open,
  OPEN,
  PAID,
  settled,
  SHEET,
  WALLET,
} from './testing/flow-bench.js';

describe('leaving', () => {
  it.each([
    { name: 'cancel when the server closed it', answer: CANCELLED, says: CANCELLED.err_msg },
    { name: 'pending when nobody could say', answer: LOST, says: 'requestPayment:fail pending' },
    { name: 'ok when it was paid meanwhile', answer: PAID, says: PAID.err_msg },
  ])('before confirm is $name', async ({ answer, says }) => {
    const { flow, asked } = bench({ cancel: [answer] });
    const outcome = flow.pay(() => open());
    await settled();
    flow.escape();
    flow.escape();
    expect(await outcome).toBe(says);
    expect(asked).toEqual(['cancel']);
  });

  it('while the sheet is fetched closes it at the server once it is there', async () => {
    let arrive: (sheet: OpenedSheet) => void = () => undefined;
    const { flow, asked, shown } = bench({ cancel: [CANCELLED] });
    const outcome = flow.pay(() => new Promise((resolve) => (arrive = resolve)));
    flow.escape();
    expect(asked).toEqual([]);
    arrive(SHEET);
    expect(await outcome).toBe('requestPayment:fail cancel');
    expect(shown).not.toContain('review');
  });

  it('after confirm is no cancel: Escape does nothing, and going on is pending', async () => {
    const { flow, asked } = bench({ confirm: [OPEN] });
    const outcome = flow.pay(() => open());
    await settled();
    void flow.confirm(IDEAL);
    await settled();
    flow.escape();
    await flow.cancel();
    expect(flow.isOpen).toBe(true);
    expect(asked).not.toContain('cancel');
    flow.leave();
    expect(await outcome).toBe('requestPayment:fail pending');
  });

  it('closes a bank window that has not found the bank yet', async () => {
    const { flow, bank } = bench({});
    void flow.pay(() => open());
    await settled();
    void flow.confirm(IDEAL);
    flow.leave();
    expect(bank).toEqual(['closed']);
  });

  it('leaves a payment alone that is opened next', async () => {
    let answer: (attempt: Partial<ShownAttempt>) => void = () => undefined;
    const late = new Promise<Partial<ShownAttempt>>((resolve) => (answer = resolve));
    const { flow, shown } = bench({ confirm: [late] });
    void flow.pay(() => open());
    await settled();
    void flow.confirm(WALLET);
    flow.leave();
    void flow.pay(() => open({ attempt_id: 'att_2' }));
    await settled();
    answer(PAID);
    await settled();
    expect(shown.at(-1)).toBe('review');
  });

  it.each([
    { name: 'cancels', at: 'review', answers: { cancel: [CANCELLED] }, says: CANCELLED.err_msg },
    {
      name: 'leaves',
      at: 'bank',
      answers: { confirm: [OPEN] },
      says: 'requestPayment:fail pending',
    },
  ])('the mini-program $name at the $at', async ({ at, answers, says }) => {
    const { flow } = bench(answers);
    const outcome = flow.pay(() => open());
    await settled();
    if (at === 'bank') void flow.confirm(IDEAL);
    await settled();
    flow.dismiss();
    expect(await outcome).toBe(says);
  });
});

describe('the end of the order’s time', () => {
  it.each([
    { name: 'expired', answer: CANCELLED, shows: 'failed ORDER_IS_EXPIRED' },
    { name: 'paid after all', answer: PAID, shows: 'paid' },
  ])('is $name when the server says so', async ({ answer, shows }) => {
    const { flow, shown } = bench({ cancel: [answer] });
    const outcome = flow.pay(() => open());
    await settled();
    await flow.expire();
    expect(shown).toContain(shows);
    flow.close();
    expect(await outcome).toMatch(/^requestPayment:(ok|fail the order is expired)$/);
  });

  it('means nothing once the payer confirmed', async () => {
    const { flow, asked } = bench({ confirm: [OPEN] });
    void flow.pay(() => open());
    await settled();
    void flow.confirm(IDEAL);
    await settled();
    await flow.expire();
    expect(asked).not.toContain('cancel');
  });
});

describe('one sheet', () => {
  it('refuses a second payment at once and leaves the first alone', async () => {
    const { flow } = bench({ confirm: [PAID] });
    const first = flow.pay(() => open());
    await settled();
    expect(await flow.pay(() => open())).toBe('requestPayment:fail another payment is in progress');
    void flow.confirm(WALLET);
    expect(await first).toBe('requestPayment:ok');
  });
});
