export { Stripe } from 'stripe';
