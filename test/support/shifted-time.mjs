// Lets a process live at another time: `node --import <this file>?file=<path>` reads from that file by how many
// milliseconds its dates are ahead. Timers and performance.now stay as they are, so everything runs at its usual pace.
import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';

/** How old what was read may be when somebody asks for the time; real milliseconds. */
export const LOOK_MS = 5;

/**
 * @param {typeof globalThis} scope  whose `Date` it becomes.
 * @param {() => number} aheadMs
 */
export function shiftDates(scope, aheadMs) {
  const RealDate = scope.Date;
  class ShiftedDate extends RealDate {
    /** @param {any[]} given */
    constructor(...given) {
      if (given.length === 0) super(RealDate.now() + aheadMs());
      // @ts-expect-error the constructors of Date are many
      else super(...given);
    }

    static now() {
      return RealDate.now() + aheadMs();
    }

    /** @param {unknown} value  also those that the platform makes itself. */
    static [Symbol.hasInstance](value) {
      return value instanceof RealDate;
    }
  }
  scope.Date = /** @type {typeof Date} */ (ShiftedDate);
}

const file = new URL(import.meta.url).searchParams.get('file');
if (file !== null) {
  const read = () => Number(readFileSync(file, 'utf8'));
  let ahead = read();
  let readAt = performance.now();
  // Looked up when asked, and not by a timer: a process that was busy would still live in the past.
  shiftDates(globalThis, () => {
    if (performance.now() - readAt < LOOK_MS) return ahead;
    ahead = read();
    readAt = performance.now();
    return ahead;
  });
}
