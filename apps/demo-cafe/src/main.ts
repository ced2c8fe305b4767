import { readConfig } from './config.js';
import { startCafe } from './server.js';

const config = await readConfig(process.env);
const server = await startCafe(config);
process.stdout.write(`${JSON.stringify({ ready: `http://127.0.0.1:${config.port}` })}\n`);

const end = (): void => {
  void server.close().finally(() => process.exit(0));
};
process.once('SIGTERM', end);
process.once('SIGINT', end);
// Whoever started us is gone: nobody is left to serve.
process.once('disconnect', end);
