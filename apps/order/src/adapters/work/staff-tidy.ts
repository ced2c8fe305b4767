import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { Loop } from '@stuiver/bus';
import type { Log } from '@stuiver/ports';
import type { StaffSignIns } from '../../use-cases/staff/staff-sign-ins.js';

const TIDY_MS = 600_000;

/** Forgets sign-ins, invitations and counted tries that are over. */
export class StaffTidy implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly loop: Loop;

  constructor(signIns: StaffSignIns, log: Log) {
    this.loop = new Loop({
      name: 'order: old sign-ins',
      everyMs: TIDY_MS,
      log,
      turn: async () => {
        await signIns.forgetOld();
        return 'idle';
      },
    });
  }

  onApplicationBootstrap(): void {
    this.loop.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.loop.stop();
  }
}
