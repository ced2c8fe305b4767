import type { EntityManager } from 'typeorm';
import { newUuid } from '@stuiver/ids';
import type { Clock, KeyStore, Random } from '@stuiver/ports';
import type { Order, Refund } from '../../domain/order.js';
import type { EchoNotices } from '../../use-cases/echo.js';
import { presentOrder, presentRefundNotice } from '../http/v3/present.js';
import type { NotificationBook } from './notification-book.js';

interface Notice {
  readonly mchid: string;
  readonly eventType: string;
  /** Order, refund or request: one notification per event type. */
  readonly about: string;
  readonly url: string;
  readonly summary: string;
  readonly originalType: 'transaction' | 'refund' | 'security';
  readonly content: object;
}

interface Tools {
  readonly keys: Pick<KeyStore, 'seal'>;
  readonly clock: Clock;
  readonly random: Random;
}

/** Writes what merchants are owed to hear; sealed, because it names payers. */
export class PostgresNotificationBook implements NotificationBook, EchoNotices {
  constructor(
    private readonly anyTime: { run<T>(work: (tx: EntityManager) => Promise<T>): Promise<T> },
    private readonly tools: Tools,
  ) {}

  async oweOrderPaid(tx: EntityManager, order: Order): Promise<void> {
    await this.owe(tx, {
      mchid: order.mchid,
      eventType: 'TRANSACTION.SUCCESS',
      about: order.id,
      url: order.notifyUrl,
      summary: 'Payment succeeded',
      originalType: 'transaction',
      content: presentOrder(order),
    });
  }

  /** A refund of money that came too late for its order is ours, not the merchant's: they are not told. */
  async oweRefund(
    tx: EntityManager,
    refund: Refund,
    status: 'SUCCESS' | 'ABNORMAL' | 'CLOSED',
  ): Promise<void> {
    if (refund.source !== 'merchant') return;
    await this.owe(tx, {
      mchid: refund.mchid,
      eventType: `REFUND.${status}`,
      about: refund.id,
      url: refund.notifyUrl ?? (await notifyUrlOfOrder(tx, refund.orderId)),
      summary: `Refund ${status.toLowerCase()}`,
      originalType: 'refund',
      content: presentRefundNotice(refund, status),
    });
  }

  oweEcho(notice: {
    mchid: string;
    about: string;
    url: string;
    message: string;
    encrypted: string | null;
  }): Promise<void> {
    const { mchid, about, url, message, encrypted } = notice;
    const content = {
      echo_message: message,
      ...(encrypted === null ? {} : { encrypt_echo_message: encrypted }),
    };
    return this.anyTime.run((tx) =>
      this.owe(tx, {
        ...{ mchid, about, url, content },
        eventType: 'SECURITY_ECHO.SUCCESS',
        summary: 'Echo',
        originalType: 'security',
      }),
    );
  }

  private async owe(tx: EntityManager, notice: Notice): Promise<void> {
    // An order of the counter has no server behind it.
    if (notice.url === '') return;
    const id = newUuid(this.tools.random);
    const now = this.tools.clock.now();
    const plain = Buffer.from(JSON.stringify(notice.content));
    const sealed = Buffer.from(await this.tools.keys.seal(contentPurpose(id), plain));
    await tx.query(
      `insert into orders.notification (id, mchid, event_type, about, url, summary, original_type,
         content_sealed, created_at, next_try_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)
       on conflict (event_type, about) do nothing`,
      [
        ...[id, notice.mchid, notice.eventType, notice.about, notice.url, notice.summary],
        ...[notice.originalType, sealed, now],
      ],
    );
  }
}

export function contentPurpose(notificationId: string): string {
  return `notification/${notificationId}`;
}

async function notifyUrlOfOrder(tx: EntityManager, orderId: string): Promise<string> {
  const [row] = await tx.query<{ notify_url: string }[]>(
    'select notify_url from orders.payment_order where id = $1',
    [orderId],
  );
  return row?.notify_url ?? '';
}
