import { describe, expect, it } from '@jest/globals';
import type { LedgerCommand } from '@stuiver/contracts';
import { acceptCommand, acceptVoid, contentSha256 } from './accept-command.js';

const PAYMENT: LedgerCommand = {
  kind: 'payment',
  id: '6D1F4A52-37b4-4d7e-9c56-5d3f1f0a8e01',
  effectiveAt: '2026-11-23T10:00:00Z',
  attemptId: 'att_1',
  orderId: 'ord_1',
  merchantId: '1900000001',
  funds: { kind: 'wallet', userId: 'usr_a' },
  amountMinor: '1000',
  feeMinor: '19',
  currency: 'EUR',
};

describe('accepting a command', () => {
  it('writes the same content in one way', () => {
    const shuffled = Object.fromEntries(
      Object.entries(PAYMENT).reverse(),
    ) as unknown as LedgerCommand;
    const sameMoment = { ...shuffled, effectiveAt: '2026-11-23T11:00:00.000+01:00' };
    const { content } = acceptCommand(PAYMENT);
    expect(acceptCommand(sameMoment).content).toBe(content);
    expect(content).toBe(
      '{"amountMinor":"1000","attemptId":"att_1","currency":"EUR","effectiveAt":"2026-11-23T10:00:00.000Z","feeMinor":"19",' +
        '"funds":{"kind":"wallet","userId":"usr_a"},"id":"6d1f4a52-37b4-4d7e-9c56-5d3f1f0a8e01","kind":"payment",' +
        '"merchantId":"1900000001","orderId":"ord_1"}',
    );
    expect(contentSha256(content)).toBe(contentSha256(acceptCommand(sameMoment).content));
  });

  it('names every account that deciding may look at', () => {
    expect(acceptCommand(PAYMENT).accounts).toEqual([
      'user:usr_a:wallet',
      'merchant:1900000001:pending',
      'merchant:1900000001:pending',
      'fees:income',
    ]);
    expect(
      acceptCommand({ ...PAYMENT, funds: { kind: 'psp', psp: 'stripe', account: null } }).accounts,
    ).toContain('suspense:payment');
  });

  it('takes a void by its id alone', () => {
    expect(acceptVoid(PAYMENT.id)).toMatchObject({ accounts: [], effectiveAt: null });
    expect(() => acceptVoid('7')).toThrow('PARAM_ERROR');
  });
});
