export { bus } from '@stuiver/bus';
