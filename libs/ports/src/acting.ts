import { currentTrace, type Trace } from './trace.js';

/** Who does what the request in hand asks for. `system`: nobody of the staff, such as a loop that carries on. */
export type Actor =
  | { readonly kind: 'staff'; readonly id: string }
  | { readonly kind: 'operator' }
  | { readonly kind: 'system' };

const SYSTEM: Actor = { kind: 'system' };
const actors = new WeakMap<Trace, Actor>();

/** Says whose request this is; the guards do, once they know. Holds for this request only, and for no event it causes. */
export function actAs(actor: Actor): void {
  const trace = currentTrace();
  if (trace !== undefined) actors.set(trace, actor);
}

export function currentActor(): Actor {
  const trace = currentTrace();
  return (trace && actors.get(trace)) ?? SYSTEM;
}
