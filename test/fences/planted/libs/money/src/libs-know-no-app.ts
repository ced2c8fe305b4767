export { order } from '@stuiver/order';
