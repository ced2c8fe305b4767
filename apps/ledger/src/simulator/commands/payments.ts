import type { Family, Scene } from './scene.js';

const topUp = (scene: Scene) => ({
  ...({ kind: 'top-up', topUpId: 'top_1', psp: 'stripe' } as const),
  ...scene.common,
  ...scene.money,
  userId: scene.user(),
});

const payment = (scene: Scene) => ({
  ...({ kind: 'payment', attemptId: 'att_1', orderId: 'ord_1' } as const),
  ...scene.common,
  ...scene.money,
  merchantId: scene.merchant(),
  funds: scene.funds(),
  feeMinor: scene.dice.oneIn(8) ? scene.amount() : String(scene.dice.below(9)),
  ...scene.subjects,
});

const disputed = (scene: Scene) => ({
  ...({ disputeId: 'du_1', orderId: 'ord_1', psp: 'stripe' } as const),
  ...scene.common,
  ...scene.money,
  merchantId: scene.dice.oneIn(4) ? null : scene.merchant(),
});

/** Money that comes in, is refunded or disputed, and comes back. */
export const PAYMENTS: Family = [
  ['top-up', topUp],
  ['top-up', topUp],
  ['payment', payment],
  ['payment', payment],
  ['payment', payment],
  [
    'late-payment',
    (scene) => ({
      ...({ kind: 'late-payment', attemptId: 'att_1', orderId: 'ord_1', psp: 'stripe' } as const),
      ...scene.common,
      ...scene.money,
      merchantId: scene.merchant(),
      account: scene.dice.oneIn(2) ? scene.merchant() : null,
      applicationFeeMinor: String(scene.dice.below(9)),
    }),
  ],
  [
    'refund-request',
    (scene) => ({
      ...({ kind: 'refund-request', attemptId: 'att_1', orderId: 'ord_1' } as const),
      ...scene.common,
      ...scene.money,
      refundId: 'ref_1',
      merchantId: scene.merchant(),
      from: scene.dice.pick(['merchant', 'merchant', 'late-payment'] as const),
    }),
  ],
  [
    'refund-success',
    (scene) => ({
      ...({ kind: 'refund-success', refundId: 'ref_1', orderId: 'ord_1' } as const),
      ...scene.common,
      ...scene.money,
      merchantId: scene.merchant(),
      to: scene.funds(),
      feeBackMinor: String(scene.dice.below(9)),
    }),
  ],
  [
    'refund-return',
    (scene) => ({
      ...({ kind: 'refund-return', refundId: 'ref_1', orderId: 'ord_1' } as const),
      ...scene.common,
      ...scene.money,
      merchantId: scene.merchant(),
      to: scene.funds(),
    }),
  ],
  ['dispute-withdrawal', (scene) => ({ kind: 'dispute-withdrawal', ...disputed(scene) })],
  ['dispute-return', (scene) => ({ kind: 'dispute-return', ...disputed(scene) })],
];
