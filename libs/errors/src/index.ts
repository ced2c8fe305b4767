export { ERROR_CATALOGUE, Refusal, type RefusalCode } from './refusal.js';
export { InvariantBroken, invariant } from './invariant.js';
export { errorCode } from './error-code.js';
