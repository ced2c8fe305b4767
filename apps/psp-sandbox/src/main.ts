import { readConfig } from './config.js';
import { type PspSandbox, startPspSandbox } from './sandbox.js';

async function start(): Promise<PspSandbox> {
  try {
    return await startPspSandbox(readConfig(process.env));
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    process.stderr.write(`psp-sandbox: ${text}\n`);
    process.exit(1);
  }
}

const starting = start();

const end = (): void => {
  void starting.then((sandbox) => sandbox.close()).finally(() => process.exit(0));
};
process.once('SIGTERM', end);
process.once('SIGINT', end);
// Our parent's channel closes when it dies, however it died: nobody is left to pay.
process.once('disconnect', end);
await starting;
