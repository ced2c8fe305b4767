export type { rows } from '../adapters/rows.js';
