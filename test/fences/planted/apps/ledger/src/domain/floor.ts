export const floor = 0n;
