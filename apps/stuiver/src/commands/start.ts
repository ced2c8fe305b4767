import { readConfig } from '../config.js';
import { startCluster } from '../cluster/start-cluster.js';
import { startStuiver } from '../embedded/start-stuiver.js';
import { untilSignal } from '../run/until-signal.js';
import type { Command } from './command.js';

/** A cluster has a broker to shut down in order. */
const DRAIN_MS_MAX = { embedded: 10_000, cluster: 40_000 } as const;

/** `stuiver start`: everything in one process, until SIGTERM or SIGINT. */
export const startCommand: Command = {
  words: ['start'],
  usage:
    'runs everything here, with its own PostgreSQL; STUIVER_MODE=cluster: as separate services',
  run: async () => {
    const config = readConfig(process.env);
    const stop = untilSignal();
    const running = await (config.mode === 'cluster' ? startCluster(config) : startStuiver(config));
    process.stdout.write(`${running.readyLine}\n`);
    await stop;
    const late = setTimeout(() => {
      process.stderr.write('stuiver: the drain took too long; what was committed is safe\n');
      process.exit(1);
    }, DRAIN_MS_MAX[config.mode]);
    await running.stop();
    clearTimeout(late);
    return 0;
  },
};
