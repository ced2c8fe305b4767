import type { LedgerCommand } from '@stuiver/contracts';
import type { Family, GivenCommand, Scene } from './scene.js';

type Limit = NonNullable<Extract<LedgerCommand, { kind: 'limit-set' }>['limit']>;

const NAMES = ['daily', 'burst'];
/** More than may be on one subject. */
const CROWD = 9;
/** Lengths that sixty divides, and one that it does not. */
const SECONDS = [60, 60, 100, 600, 3_600, 86_400];

const limitOf = (scene: Scene, isAccount: boolean): Limit => {
  const { dice } = scene;
  const kind = dice.pick(['day', 'month', 'rolling', 'rolling'] as const);
  const [countMax, sumMaxMinor] = [
    dice.oneIn(2) ? String(dice.oneIn(12) ? 0 : dice.between(1, 4)) : null,
    String(dice.pick([0, 100, 1_000, 1_000, 5_000, 10_000, 10_000]) * dice.between(1, 3)),
  ];
  return {
    window: kind === 'rolling' ? { kind, seconds: dice.pick(SECONDS) } : { kind },
    side: isAccount ? dice.pick(['debit', 'credit'] as const) : null,
    counterparty: isAccount && dice.oneIn(3) ? scene.account() : null,
    countMax,
    sumMaxMinor: countMax !== null && dice.oneIn(2) ? null : sumMaxMinor,
  };
};

const limitSet = (scene: Scene) => {
  const { dice } = scene;
  const isAccount = dice.oneIn(2);
  return {
    ...({ kind: 'limit-set', currency: 'EUR' } as const),
    ...scene.common,
    subject: isAccount ? `account:${scene.accountToSet()}` : scene.subject(),
    name: dice.pick(NAMES),
    limit: dice.oneIn(5) ? null : limitOf(scene, isAccount),
  };
};

/** With how many limits a world begins: none, some, or as many as there is no room for. */
export function firstLimits(scene: Scene): GivenCommand[] {
  const { dice } = scene;
  if (dice.oneIn(25)) {
    return Array.from({ length: CROWD }, (_, index) => ({
      ...limitSet(scene),
      ...{ subject: 'mandate:a', name: `of-${'abcdefghi'.charAt(index)}` },
      limit: limitOf(scene, false),
    }));
  }
  return dice.oneIn(2) ? [] : Array.from({ length: dice.between(1, 4) }, () => limitSet(scene));
}

/** How often, and how much. */
export const LIMITS: Family = [['limit-set', limitSet]];
