import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { Loop } from '@stuiver/bus';
import type { Clock, Log } from '@stuiver/ports';
import type { PostgresNonces } from './nonces.js';

const SWEEP_MS = 60_000;

/** Forgets nonces that are too old to be of use. */
export class NonceSweeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly loop: Loop;

  constructor(nonces: PostgresNonces, tools: { clock: Clock; log: Log }) {
    this.loop = new Loop({
      name: 'nonces',
      everyMs: SWEEP_MS,
      log: tools.log,
      turn: async () => ((await nonces.forget(tools.clock.now())) ? 'more' : 'idle'),
    });
  }

  onApplicationBootstrap(): void {
    this.loop.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.loop.stop();
  }
}
