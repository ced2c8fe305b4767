import type { Pool } from 'pg';
import type { Clock } from '@stuiver/ports';
import { EndpointSender, type Endpoint } from './endpoint-sender.js';
import { WebhookFaults } from './webhook-faults.js';

/** Tells every endpoint, each at its own pace: one that hangs slows no other. */
export class WebhookSender {
  readonly faults = new WebhookFaults();
  private readonly senders: readonly EndpointSender[];

  constructor(
    private readonly pool: Pool,
    clock: Clock,
    endpoints: readonly Endpoint[],
  ) {
    this.senders = endpoints.map(
      (endpoint) => new EndpointSender(pool, clock, endpoint, this.faults),
    );
  }

  /** What was not delivered when the last process ended is due at once; nobody is told at an address that is gone. */
  async start(): Promise<void> {
    const urls = this.senders.map(({ url }) => url);
    await this.pool.query(
      `update delivery set due_at = case when url = any($1) then now() end where due_at is not null`,
      [urls],
    );
    for (const sender of this.senders) sender.start();
  }

  wake(): void {
    for (const sender of this.senders) sender.wake();
  }

  /** Events are kept, and sent when released. */
  hold(): void {
    for (const sender of this.senders) sender.hold();
  }

  release(): void {
    for (const sender of this.senders) sender.release();
  }

  async stop(): Promise<void> {
    await Promise.all(this.senders.map((sender) => sender.stop()));
  }
}
