import type { Clock } from '@stuiver/ports';

/** A message owed to a merchant. */
export interface OwedNotification {
  readonly id: string;
  readonly mchid: string;
  readonly eventType: string;
  readonly url: string;
  readonly summary: string;
  readonly originalType: string;
  /** Opens to compact JSON text; sealed because it names payers. */
  readonly contentSealed: Uint8Array;
  readonly createdAt: Date;
  /** Tries made so far. */
  readonly tries: number;
}

/** How one try went. Delivered means: answered 200 or 204 in time. */
export interface DeliveryTry {
  readonly at: Date;
  readonly durationMs: number;
  readonly status: number | null;
  /** What was wrong, for the merchant's eyes; null when nothing was. */
  readonly problem: string | null;
}

export interface NotificationCourier {
  /** Signs afresh and sends once. Never throws for what the other side does. */
  deliver(notification: OwedNotification): Promise<DeliveryTry>;
}

export interface NotificationLog {
  /** @param nextTryAt  null when it is delivered or given up. */
  record(outcome: {
    readonly notification: OwedNotification;
    readonly delivery: DeliveryTry;
    readonly isDelivered: boolean;
    readonly nextTryAt: Date | null;
  }): Promise<void>;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** WeChat's fifteen waits after a failed try, 24 h 4 min in all (section 4.3). */
// prettier-ignore
export const LADDER_MS = [
  15 * SECOND, 15 * SECOND, 30 * SECOND, 3 * MINUTE, 10 * MINUTE, 20 * MINUTE, 30 * MINUTE, 30 * MINUTE, 30 * MINUTE,
  60 * MINUTE, 3 * HOUR, 3 * HOUR, 3 * HOUR, 6 * HOUR, 6 * HOUR,
] as const;

/** Tries one notification once and writes down how it went. */
export class SendNotification {
  constructor(
    private readonly courier: NotificationCourier,
    private readonly log: NotificationLog,
    private readonly clock: Clock,
  ) {}

  /** @returns true when the merchant took it. */
  async run(notification: OwedNotification): Promise<boolean> {
    const delivery = await this.courier.deliver(notification);
    const isDelivered = delivery.status === 200 || delivery.status === 204;
    const nextTryAt = isDelivered ? null : nextTry(notification.tries, this.clock.now());
    await this.log.record({ notification, delivery, isDelivered, nextTryAt });
    return isDelivered;
  }
}

function nextTry(triesBefore: number, now: Date): Date | null {
  const waitMs = LADDER_MS[triesBefore];
  return waitMs === undefined ? null : new Date(now.getTime() + waitMs);
}
