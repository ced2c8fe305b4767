export { StripePayIn, type StripePayInOptions } from './stripe-pay-in.js';
