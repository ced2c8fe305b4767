import type { Family, Scene } from './scene.js';

const ofPsp = { psp: 'stripe', pspTransactionId: 'txn_1', pspPayoutId: 'po_1' } as const;
const ofPayout = (scene: Scene) => ({
  ...scene.common,
  ...scene.money,
  payoutId: 'pay_1',
  merchantId: scene.merchant(),
});
const bankLine = (scene: Scene) => ({
  ...scene.common,
  ...scene.money,
  bankLineId: 'line_1',
  bank: scene.dice.oneIn(20) ? 'not a name' : 'main',
  direction: scene.dice.pick(['in', 'out'] as const),
});

/** Settlements, payouts, and what the PSP and the bank do. */
export const BANKING: Family = [
  [
    'settlement-close',
    (scene) => ({
      ...({ kind: 'settlement-close', settlementId: 'set_1', currency: 'EUR' } as const),
      ...scene.common,
      merchantId: scene.merchant(),
    }),
  ],
  ['payout-approve', (scene) => ({ kind: 'payout-approve', ...ofPayout(scene) })],
  ['payout-settle', (scene) => ({ kind: 'payout-settle', ...ofPayout(scene), bank: 'main' })],
  [
    'payout-return',
    (scene) => ({
      ...({ kind: 'payout-return', bank: 'main' } as const),
      ...ofPayout(scene),
      afterSettlement: scene.dice.oneIn(2),
    }),
  ],
  [
    'psp-fee',
    (scene) => ({
      ...({ kind: 'psp-fee', pspTransactionId: 'txn_1', psp: 'stripe' } as const),
      ...scene.common,
      ...scene.money,
      ...(scene.dice.oneIn(3) ? { back: true as const } : {}),
    }),
  ],
  ['psp-payout', (scene) => ({ kind: 'psp-payout', ...ofPsp, ...scene.common, ...scene.money })],
  [
    'psp-payout-failure',
    (scene) => ({ kind: 'psp-payout-failure', ...ofPsp, ...scene.common, ...scene.money }),
  ],
  [
    'psp-merchant-payout',
    (scene) => ({
      ...({ kind: 'psp-merchant-payout', ...ofPsp } as const),
      ...scene.common,
      ...scene.money,
      merchantId: scene.merchant(),
    }),
  ],
  [
    'psp-merchant-payout-failure',
    (scene) => ({
      ...({ kind: 'psp-merchant-payout-failure', ...ofPsp } as const),
      ...scene.common,
      ...scene.money,
      merchantId: scene.merchant(),
    }),
  ],
  [
    'psp-payout-arrival',
    (scene) => ({
      ...({ kind: 'psp-payout-arrival', psp: 'stripe', pspPayoutId: 'po_1' } as const),
      ...scene.common,
      ...scene.money,
      bankLineId: 'line_1',
      bank: scene.dice.oneIn(20) ? 'not a name' : 'main',
      ...(scene.dice.oneIn(3) ? { back: true as const } : {}),
    }),
  ],
  ['bank-line-unplaced', (scene) => ({ kind: 'bank-line-unplaced', ...bankLine(scene) })],
  ['bank-line-placed', (scene) => ({ kind: 'bank-line-placed', ...bankLine(scene) })],
  [
    'bank-line-written-off',
    (scene) => {
      const reason = scene.dice.pick(['bank-fee', 'tolerance'] as const);
      const direction = scene.dice.pick(['in', 'out'] as const);
      const line = { bankLineId: 'line_1', reason, direction };
      return { kind: 'bank-line-written-off', ...scene.common, ...scene.money, ...line };
    },
  ],
];
