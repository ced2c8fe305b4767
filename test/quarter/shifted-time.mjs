// Lets a process live at another time: `node --import <this file>?file=<path>` reads from that file by how many
// milliseconds its dates are ahead. Timers and performance.now stay as they are, so everything runs at its usual pace.
import { readFileSync } from 'node:fs';
import { setInterval } from 'node:timers';

const LOOK_MS = 10;

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
  setInterval(() => {
    ahead = read();
  }, LOOK_MS).unref();
  shiftDates(globalThis, () => ahead);
}
