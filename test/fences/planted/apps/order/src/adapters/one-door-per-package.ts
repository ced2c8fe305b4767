export { inside } from '../../../../libs/bus/src/inside.js';
