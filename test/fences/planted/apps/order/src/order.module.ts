export const orderModule = 1;
