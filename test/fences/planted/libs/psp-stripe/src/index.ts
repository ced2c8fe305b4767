export const psp_stripe = 1;
