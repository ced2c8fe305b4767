import type { LedgerCommand } from '@stuiver/contracts';
import type { Family, Scene } from './scene.js';

type Step = Extract<LedgerCommand, { kind: 'transfer-chain' }>['steps'][number];

const place = (scene: Scene) => {
  const { id, effectiveAt } = scene.common;
  scene.holds.push(`${id}.0`);
  const [account, expiresAt] = [scene.account(), scene.expiresAt()];
  return {
    ...({ kind: 'hold-place' } as const),
    id,
    effectiveAt,
    account,
    ...scene.money,
    expiresAt,
    ...scene.subjects,
  };
};

const capture = (scene: Scene) => ({
  ...({ kind: 'hold-capture', currency: 'EUR' } as const),
  ...scene.common,
  holdId: scene.holdId(),
  captures: Array.from({ length: scene.dice.between(1, 3) }, () => ({
    credit: scene.receiver(),
    amountMinor: scene.amount(),
  })),
  final: scene.dice.oneIn(3),
  ...scene.subjects,
});

const release = (scene: Scene) => ({
  ...({ kind: 'hold-release', currency: 'EUR' } as const),
  ...scene.common,
  holdId: scene.holdId(),
  amountMinor: scene.dice.oneIn(3) ? null : scene.amount(),
  ...scene.subjects,
});

const chain = (scene: Scene) => {
  const { id, effectiveAt } = scene.common;
  const length = scene.dice.oneIn(30) ? 64 : scene.dice.between(1, 5);
  const steps: Step[] = [];
  for (let index = 0; index < length; index += 1) steps.push(step(scene, `${id}.${String(index)}`));
  return {
    ...({ kind: 'transfer-chain', currency: 'EUR' } as const),
    ...{ id, effectiveAt, steps },
    ...scene.subjects,
  };
};

/** @param ownId  what a hold that it places is called. */
function step(scene: Scene, ownId: string): Step {
  const { dice } = scene;
  const amountMinor = scene.amount();
  const take = dice.pick(['exactly', 'exactly', 'up-to'] as const);
  switch (dice.below(14)) {
    case 0:
      scene.holds.push(ownId);
      return { do: 'place', account: scene.account(), amountMinor, expiresAt: scene.expiresAt() };
    case 1:
      return { ...captureStep(scene), take, amountMinor };
    case 2:
      return { do: 'increase', holdId: scene.holdId(), amountMinor };
    case 3:
      return {
        ...{ do: 'release', holdId: scene.holdId() },
        amountMinor: dice.oneIn(2) ? null : amountMinor,
      };
    case 4:
      return { do: 'finish', holdId: scene.holdId() };
    default: {
      const debit = scene.account();
      const other = scene.account();
      const credit = other === debit ? 'suspense:chain' : other;
      return { do: 'transfer', purpose: 'part', debit, credit, take, amountMinor };
    }
  }
}

function captureStep(scene: Scene): {
  do: 'capture';
  purpose: string;
  holdId: string;
  credit: string;
} {
  return { do: 'capture', purpose: 'share', holdId: scene.holdId(), credit: scene.account() };
}

/** Holds, and chains of steps. */
export const HOLDING: Family = [
  ['hold-place', place],
  ['hold-place', place],
  ['hold-place', place],
  ['hold-capture', capture],
  ['hold-capture', capture],
  [
    'hold-increase',
    (scene) => ({
      ...({ kind: 'hold-increase' } as const),
      ...scene.common,
      ...scene.money,
      holdId: scene.holdId(),
      ...scene.subjects,
    }),
  ],
  ['hold-release', release],
  ['transfer-chain', chain],
  ['transfer-chain', chain],
];
