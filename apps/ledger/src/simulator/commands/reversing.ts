import type { Family, Scene } from './scene.js';

const FAR_TRANSFER = 999;

const partOf = (scene: Scene) => ({
  transfer: scene.dice.oneIn(30) ? FAR_TRANSFER : scene.dice.pick([0, 0, 0, 1]),
  amountMinor: scene.amount(),
});

const reversal = (scene: Scene) => {
  const { dice } = scene;
  const [{ id, effectiveAt }, commandId] = [scene.common, scene.commandId()];
  return {
    ...({ kind: 'reversal', currency: 'EUR' } as const),
    ...{ id, effectiveAt, commandId },
    parts: dice.oneIn(2) ? null : Array.from({ length: dice.between(1, 3) }, () => partOf(scene)),
  };
};

/** What was booked is taken back. */
export const REVERSING: Family = [['reversal', reversal]];
