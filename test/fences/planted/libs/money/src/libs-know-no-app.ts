export { order } from '../../../apps/order/src/index.js';
