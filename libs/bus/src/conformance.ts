// What a transport must do: the facts, and what a world of one needs to prove them.
export { BUS_FACTS } from './conformance/facts.js';
export {
  type BusWorld,
  type ChildOptions,
  type ChildProcess,
  tracked,
} from './conformance/world.js';
export { type ChildPlan, runChild } from './conformance/child.js';
export { makeEffects, spawnChild } from './conformance/spawn-child.js';
