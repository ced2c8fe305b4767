export { psp_stripe } from '@stuiver/psp-stripe';
