import { readConfig } from './config.js';
import { startCafe } from './server.js';

const server = await startCafe(await readConfig(process.env));

const end = (): void => {
  void server.close().finally(() => process.exit(0));
};
process.once('SIGTERM', end);
process.once('SIGINT', end);
// Whoever started us is gone: nobody is left to serve.
process.once('disconnect', end);
