export { pay } from '../use-cases/pay.js';
