import { ownCommandIdOf } from '@stuiver/ids';
import type { Family, Scene } from './scene.js';

const MONTHS = ['2026-08', '2026-09', '2026-10', '2026-11', '2026-12', '2027-01'];

/** Months that are closed, and ids that nobody shall use. */
export const HOUSEKEEPING: Family = [
  ['void', ({ dice }: Scene) => ({ kind: 'void', id: dice.uuid() })],
  [
    'period-close',
    ({ dice }: Scene) => {
      const month = dice.pick(MONTHS);
      return { kind: 'period-close', id: ownCommandIdOf('period-close', month), month };
    },
  ],
];
