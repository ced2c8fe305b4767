import type { Pool } from 'pg';
import type { Clock } from '@stuiver/ports';
import { EndpointSender, type Endpoint } from './endpoint-sender.js';
import type { Hearer } from './store.js';
import { WebhookFaults } from './webhook-faults.js';

/** Tells every endpoint, each at its own pace: one that hangs slows no other. */
export class WebhookSender {
  readonly faults = new WebhookFaults();
  private readonly senders = new Map<string, { endpoint: Endpoint; sender: EndpointSender }>();
  private isHeld = false;

  constructor(
    private readonly pool: Pool,
    private readonly clock: Clock,
    endpoints: readonly Endpoint[],
  ) {
    for (const endpoint of endpoints) this.take(endpoint);
  }

  get hearers(): readonly Hearer[] {
    return [...this.senders.values()].map(({ endpoint }) => endpoint);
  }

  /** What was not delivered when the last process ended is due at once; nobody is told at an address that is gone. */
  async start(): Promise<void> {
    await this.pool.query(
      `update delivery set due_at = case when url = any($1) then now() end where due_at is not null`,
      [[...this.senders.keys()]],
    );
    this.each((sender) => {
      sender.start();
    });
  }

  /** From now on it is told as well. */
  add(endpoint: Endpoint): void {
    const sender = this.take(endpoint);
    if (this.isHeld) sender.hold();
    sender.start();
  }

  /** It is told nothing more, also not what is on its way. */
  async remove(url: string): Promise<void> {
    const known = this.senders.get(url);
    this.senders.delete(url);
    await known?.sender.stop();
  }

  wake(): void {
    this.each((sender) => {
      sender.wake();
    });
  }

  /** Events are kept, and sent when released. */
  hold(): void {
    this.isHeld = true;
    this.each((sender) => {
      sender.hold();
    });
  }

  release(): void {
    this.isHeld = false;
    this.each((sender) => {
      sender.release();
    });
  }

  async stop(): Promise<void> {
    await Promise.all([...this.senders.values()].map(({ sender }) => sender.stop()));
  }

  private take(endpoint: Endpoint): EndpointSender {
    const sender = new EndpointSender(this.pool, this.clock, endpoint, this.faults);
    this.senders.set(endpoint.url, { endpoint, sender });
    return sender;
  }

  private each(act: (sender: EndpointSender) => void): void {
    for (const { sender } of this.senders.values()) act(sender);
  }
}
