export { b as a } from './other-half.js';
