export { stripeCardFields, stripeCardSources } from './card-fields.js';
export { StripeAccount } from './stripe-account.js';
export { StripeConnect } from './stripe-connect.js';
export { stripeGate, type StripeOptions } from './stripe-client.js';
export { StripePayIn, type StripePayInOptions } from './stripe-pay-in.js';
