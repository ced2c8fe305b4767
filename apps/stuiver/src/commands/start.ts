import { readConfig } from '../config.js';
import { startStuiver } from '../embedded/start-stuiver.js';
import type { Command } from './command.js';

const DRAIN_MS_MAX = 10_000;

/** `stuiver start`: everything in one process, until SIGTERM or SIGINT. */
export const startCommand: Command = {
  words: ['start'],
  usage: 'runs everything here, with its own PostgreSQL',
  run: async () => {
    const config = readConfig(process.env);
    const stop = new Promise<void>((resolve) => {
      process.once('SIGTERM', () => {
        resolve();
      });
      process.once('SIGINT', () => {
        resolve();
      });
    });
    const running = await startStuiver(config);
    process.stdout.write(`${running.readyLine}\n`);
    await stop;
    const late = setTimeout(() => {
      process.stderr.write('stuiver: the drain took too long; what was committed is safe\n');
      process.exit(1);
    }, DRAIN_MS_MAX);
    await running.stop();
    clearTimeout(late);
    return 0;
  },
};
