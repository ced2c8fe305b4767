export { module_ } from '../order.module.js';
