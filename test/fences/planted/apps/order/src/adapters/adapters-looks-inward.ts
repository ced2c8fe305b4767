export { orderModule } from '../order.module.js';
