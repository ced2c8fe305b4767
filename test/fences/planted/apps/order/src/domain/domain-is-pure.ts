export { bus } from '../../../../libs/bus/src/index.js';
