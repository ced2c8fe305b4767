import { fileURLToPath } from 'node:url';

/** Where package.json, apps and libs are. */
export const REPOSITORY_ROOT = fileURLToPath(new URL('../../../', import.meta.url));
