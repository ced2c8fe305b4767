import type { Family, Scene } from './scene.js';

const STATES = [
  ...(['open', 'open', 'open', 'frozen-debit', 'frozen-debit', 'frozen', 'closed'] as const),
];

/** Absent, none of its own, or one that is soon met: below nothing, too, for floors. */
const bound = (scene: Scene, isFloor: boolean): string | null | undefined => {
  const { dice } = scene;
  if (dice.oneIn(2)) return undefined;
  if (dice.oneIn(3)) return null;
  const isBelowZero = isFloor && dice.oneIn(2);
  const minor = dice.pick([0, 50, 500, 5_000, 20_000]);
  return isBelowZero && minor > 0 ? `-${String(minor)}` : String(minor);
};

const accountSet = (scene: Scene) => {
  const { dice } = scene;
  const [floorMinor, ceilingMinor] = [bound(scene, true), bound(scene, false)];
  return {
    ...({ kind: 'account-set', currency: 'EUR' } as const),
    ...scene.common,
    account: scene.accountToSet(),
    ...(dice.oneIn(3) ? {} : { state: dice.pick(STATES) }),
    ...(floorMinor === undefined ? {} : { floorMinor }),
    ...(ceilingMinor === undefined ? {} : { ceilingMinor }),
  };
};

/** What may happen to accounts. */
export const TERMS: Family = [['account-set', accountSet]];
