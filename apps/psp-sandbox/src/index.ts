export { startPspSandbox, type PspSandbox } from './sandbox.js';
