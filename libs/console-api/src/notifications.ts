export type NotificationState = 'waiting' | 'delivered' | 'exhausted';

/**
 * `GET /console/merchants/:mchid/notifications?before=&state=&q=` (`q`: the beginning of an order's or refund's number): a
 * page of these, newest first. `POST …/:id/replay {}` sends one again now and answers it. Its content is not shown.
 */
export interface NotificationView {
  readonly notificationId: string;
  readonly event: string;
  readonly state: NotificationState;
  readonly url: string;
  /** What it is about; null once that is gone. */
  readonly orderId: string | null;
  readonly outTradeNo: string | null;
  readonly outRefundNo: string | null;
  readonly createdAt: string;
  /** Null when nobody tries any more. */
  readonly nextTryAt: string | null;
  /** The last first. */
  readonly tries: readonly {
    readonly at: string;
    readonly durationMs: number;
    /** HTTP; null when nothing answered. */
    readonly status: number | null;
    readonly problem: string | null;
  }[];
}
