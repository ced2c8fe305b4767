export { openFileKeyStore } from './file-key-store.js';
