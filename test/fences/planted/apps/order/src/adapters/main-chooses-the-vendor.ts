export { stripe } from '../../../../libs/psp-stripe/src/index.js';
