export const stripe = 1;
