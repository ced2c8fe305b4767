import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { Loop, type Turn } from '@stuiver/bus';
import type { Clock, Log } from '@stuiver/ports';
import type { OwedNotification, SendNotification } from '../../use-cases/send-notification.js';
import type { NotificationQueue } from '../postgres/notification-queue.js';

const TRIES_AT_ONCE_MAX = 64;
const TRIES_AT_ONCE_PER_MERCHANT_MAX = 8;
const SWEEP_MS = 500;

/**
 * Keeps sending what is due. A merchant whose server is slow or dead holds few of the places: their next tries go one
 * at a time until one is taken, and everybody else goes on.
 */
export class NotificationSender implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly loop: Loop;
  private readonly running = new Map<string, number>();
  private readonly troubled = new Set<string>();
  private readonly inFlight = new Set<Promise<void>>();

  constructor(
    private readonly queue: NotificationQueue,
    private readonly sendNotification: SendNotification,
    private readonly tools: { clock: Clock; log: Log },
  ) {
    this.loop = new Loop({
      name: 'notifications',
      everyMs: SWEEP_MS,
      log: tools.log,
      turn: () => this.turn(),
    });
  }

  onApplicationBootstrap(): void {
    this.loop.start();
  }

  /** What is on the wire is waited for: a try takes seconds at most. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.loop.stop();
    await Promise.all(this.inFlight);
  }

  /** Something is owed now. */
  wake(): void {
    this.loop.wake();
  }

  private async turn(): Promise<Turn> {
    const limit = TRIES_AT_ONCE_MAX - this.inFlight.size;
    if (limit === 0) return 'idle';
    const claimed = await this.queue.claim({
      now: this.tools.clock.now(),
      limit,
      perMerchantMax: TRIES_AT_ONCE_PER_MERCHANT_MAX,
      busy: this.placesTaken(),
    });
    for (const notification of claimed) this.start(notification);
    return claimed.length > 0 ? 'more' : 'idle';
  }

  /** A merchant in trouble has all places but one taken. */
  private placesTaken(): Map<string, number> {
    const taken = new Map(this.running);
    for (const mchid of this.troubled) {
      taken.set(mchid, (taken.get(mchid) ?? 0) + TRIES_AT_ONCE_PER_MERCHANT_MAX - 1);
    }
    return taken;
  }

  private start(notification: OwedNotification): void {
    const { mchid } = notification;
    this.running.set(mchid, (this.running.get(mchid) ?? 0) + 1);
    const sending = this.send(notification).finally(() => {
      this.inFlight.delete(sending);
      const left = (this.running.get(mchid) ?? 1) - 1;
      if (left === 0) this.running.delete(mchid);
      else this.running.set(mchid, left);
      this.loop.wake();
    });
    this.inFlight.add(sending);
  }

  private async send(notification: OwedNotification): Promise<void> {
    try {
      const isDelivered = await this.sendNotification.run(notification);
      if (isDelivered) this.troubled.delete(notification.mchid);
      else this.troubled.add(notification.mchid);
    } catch (error) {
      // The lease runs out and the row is due again.
      const fields = { notification_id: notification.id, mchid: notification.mchid };
      this.tools.log.error('notification try could not be made', fields, error);
    }
  }
}
