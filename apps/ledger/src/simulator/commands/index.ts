import {
  acceptCommand,
  type AcceptedCommand,
  acceptPeriodClose,
  acceptVoid,
} from '../../use-cases/accept-command.js';
import { BANKING } from './banking.js';
import { HOLDING } from './holding.js';
import { HOUSEKEEPING } from './housekeeping.js';
import { LIMITS } from './limits.js';
import { PAYMENTS } from './payments.js';
import { REVERSING } from './reversing.js';
import type { Family, GivenCommand, Scene } from './scene.js';
import { TERMS } from './terms.js';

export { firstLimits } from './limits.js';
export { type GivenCommand, Scene } from './scene.js';

/** With how often each is thrown. */
const FAMILIES: readonly (readonly [weight: number, Family])[] = [
  [10, PAYMENTS],
  [7, BANKING],
  [10, HOLDING],
  [1, HOUSEKEEPING],
  [2, TERMS],
  [2, LIMITS],
  [3, REVERSING],
];
const WEIGHTED = FAMILIES.flatMap(([weight, family]) =>
  Array.from({ length: weight }, () => family),
);

export const SIMULATED_KINDS: readonly GivenCommand['kind'][] = [
  ...new Set(FAMILIES.flatMap(([, family]) => family.map(([kind]) => kind))),
];

export function anyCommand(scene: Scene): GivenCommand {
  const [, make] = scene.dice.pick(scene.dice.pick(WEIGHTED));
  return make(scene);
}

export function acceptGiven(command: GivenCommand): AcceptedCommand {
  if (command.kind === 'void') return acceptVoid(command.id);
  if (command.kind === 'period-close') return acceptPeriodClose(command.month);
  return acceptCommand(command);
}
