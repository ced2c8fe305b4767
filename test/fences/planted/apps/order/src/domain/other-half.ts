export { a as b } from './no-cycles.js';
