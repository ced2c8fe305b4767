import { readConfig } from './config.js';
import { startPspSandbox } from './sandbox.js';

const sandbox = await startPspSandbox(readConfig(process.env));

const end = (): void => {
  void sandbox.close().finally(() => process.exit(0));
};
process.once('SIGTERM', end);
process.once('SIGINT', end);
// Our parent's channel closes when it dies, however it died: nobody is left to pay.
process.once('disconnect', end);
