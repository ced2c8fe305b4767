export const LOOK_MS: number;
export function shiftDates(scope: typeof globalThis, aheadMs: () => number): void;
