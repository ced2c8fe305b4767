export function shiftDates(scope: typeof globalThis, aheadMs: () => number): void;
