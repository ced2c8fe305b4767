import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { Loop } from '@stuiver/bus';
import type { Log } from '@stuiver/ports';
import type { SendMail } from '../../use-cases/mail/send-mail.js';

const SWEEP_MS = 2_000;
const TIDY_MS = 3_600_000;

/** Keeps sending what is due. */
export class MailSender implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly send: Loop;
  private readonly tidy: Loop;

  constructor(sendMail: SendMail, log: Log) {
    this.send = new Loop({
      name: 'order: mail',
      everyMs: SWEEP_MS,
      log,
      turn: async () => ((await sendMail.run()) > 0 ? 'more' : 'idle'),
    });
    this.tidy = new Loop({
      name: 'order: old mail',
      everyMs: TIDY_MS,
      log,
      turn: async () => {
        await sendMail.forgetOld();
        return 'idle';
      },
    });
  }

  onApplicationBootstrap(): void {
    this.send.start();
    this.tidy.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all([this.send.stop(), this.tidy.stop()]);
  }

  wake(): void {
    this.send.wake();
  }
}
