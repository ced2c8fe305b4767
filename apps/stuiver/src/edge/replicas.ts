import { get } from 'node:http';
import type { Log } from '@stuiver/ports';

export interface Replica {
  readonly origin: URL;
}

interface Known extends Replica {
  well: boolean;
}

const LOOK_EVERY_MS = 500;
const LOOK_MS_MAX = 1_000;

/** The replicas of one service: who is well is asked, who is not is asked again and gets no requests meanwhile. */
export class Replicas {
  private readonly known: readonly Known[];
  private next = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    origins: readonly string[],
    private readonly log: Log,
  ) {
    this.known = origins.map((origin) => ({ origin: new URL(origin), well: true }));
  }

  start(): void {
    this.timer ??= setInterval(() => {
      for (const replica of this.known) void this.look(replica);
    }, LOOK_EVERY_MS);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** In turn, the well ones first: each is tried once. */
  inTurn(): readonly Replica[] {
    this.next = (this.next + 1) % this.known.length;
    const turned = [...this.known.slice(this.next), ...this.known.slice(0, this.next)];
    return [...turned.filter(({ well }) => well), ...turned.filter(({ well }) => !well)];
  }

  anyWell(): boolean {
    return this.known.some(({ well }) => well);
  }

  private async look(replica: Known): Promise<void> {
    const well = await isWell(replica.origin);
    if (well !== replica.well) {
      this.log.warn(well ? 'replica is back' : 'replica is gone', {
        origin: replica.origin.origin,
      });
    }
    replica.well = well;
  }
}

function isWell(origin: URL): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get(
      new URL('/health/live', origin),
      { signal: AbortSignal.timeout(LOOK_MS_MAX) },
      (response) => {
        response.resume();
        resolve(response.statusCode === 200);
      },
    );
    request.once('error', () => {
      resolve(false);
    });
  });
}
