export { rows } from '../adapters/rows.js';
