import type { Log } from '@stuiver/ports';

interface Kept {
  readonly pid: number;
  stop(): Promise<void>;
}

export interface Keeper {
  pid(): number;
  stop(): Promise<void>;
}

const LOOK_EVERY_MS = 250;
const AGAIN_MS = 500;

/** Starts a server that is no child of Node's again when its process is gone. @param start  on the same data and port. */
export async function keep<Server extends Kept>(options: {
  readonly name: string;
  readonly log: Log;
  readonly start: () => Promise<Server>;
}): Promise<{ keeper: Keeper; first: Server }> {
  const { name, log, start } = options;
  const first = await start();
  let server: Kept = first;
  let stopping = false;
  let restart: Promise<void> | undefined;
  const startAgain = async (): Promise<void> => {
    log.error('server ended', { name });
    while (!stopping) {
      try {
        server = await start();
        return;
      } catch (error) {
        log.error('server does not start', { name }, error);
        await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
      }
    }
  };
  const timer = setInterval(() => {
    if (stopping || restart !== undefined || isAlive(server.pid)) return;
    restart = startAgain().finally(() => (restart = undefined));
  }, LOOK_EVERY_MS);
  const keeper = {
    pid: () => server.pid,
    stop: async () => {
      stopping = true;
      clearInterval(timer);
      await restart;
      await server.stop();
    },
  };
  return { keeper, first };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
