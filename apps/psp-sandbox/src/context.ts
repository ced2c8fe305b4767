import type { Faults } from './faults.js';
import type { IdempotentCalls } from './idempotency.js';
import type { Objects } from './store.js';

/** One transaction over the sandbox's objects. */
export type Run = <T>(work: (objects: Objects) => Promise<T>) => Promise<T>;

export interface Context {
  readonly run: Run;
  readonly calls: IdempotentCalls;
  readonly faults: Faults;
  readonly pages: () => URL;
}
