import { createHmac } from 'node:crypto';
import type { Pool } from 'pg';
import type { Clock } from '@stuiver/ports';
import { tell } from './problem.js';
import type { Doc, Hearer } from './store.js';
import type { WebhookFaults } from './webhook-faults.js';

export interface Endpoint extends Hearer {
  readonly address: string;
  readonly secret: string;
}

interface Due {
  readonly event_id: string;
  readonly tries: number;
  readonly doc: Doc;
}

/** How often it looks for retries that have come due. */
const LOOK_MS = 500;
const IN_FLIGHT_MAX = 20;
const ANSWER_MS_MAX = 10_000;
/** A delivery that was taken is due again after this, should we die meanwhile. */
const LEASE_SECONDS = 15;
/** Stripe tries for three days; a sandbox's day is short, so the ladder is too, and then once an hour. */
const LADDER_SECONDS = [1, 2, 5, 15, 60, 300, 1_800];
const LAST_STEP_SECONDS = 3_600;
const TRIES_MAX = 80;

/** Sends each event to one endpoint until it answers 2xx, signed afresh each time. */
export class EndpointSender {
  private readonly inFlight = new Set<Promise<void>>();
  private readonly end = new AbortController();
  private timer: NodeJS.Timeout | undefined;
  private taking = Promise.resolve();
  private busy = false;
  private again = false;
  private held = false;

  constructor(
    private readonly pool: Pool,
    private readonly clock: Clock,
    private readonly endpoint: Endpoint,
    private readonly faults: WebhookFaults,
  ) {}

  /** The name of the endpoint in `delivery`. */
  get url(): string {
    return this.endpoint.url;
  }

  start(): void {
    this.timer = setInterval(() => {
      this.wake();
    }, LOOK_MS);
    this.wake();
  }

  wake(): void {
    this.again = true;
    if (!this.busy) this.taking = this.takeAll();
  }

  hold(): void {
    this.held = true;
  }

  release(): void {
    this.held = false;
    this.wake();
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    this.end.abort();
    await this.taking;
    await Promise.all(this.inFlight);
  }

  private async takeAll(): Promise<void> {
    this.busy = true;
    try {
      while (this.again && !this.held && !this.end.signal.aborted) {
        this.again = false;
        for (const due of await this.take(IN_FLIGHT_MAX - this.inFlight.size)) this.launch(due);
      }
    } catch (error) {
      // The database may be away for a moment: the next look comes anyway.
      tell(error);
    } finally {
      this.busy = false;
    }
  }

  private async take(limit: number): Promise<readonly Due[]> {
    const { rows } = await this.pool.query<Due>(
      `with due as (
         select event_id from delivery where url = $1 and due_at <= now()
         order by due_at limit $2 for update skip locked)
       update delivery set due_at = now() + make_interval(secs => $3), tries = tries + 1
       from due, object
       where delivery.event_id = due.event_id and delivery.url = $1 and object.id = due.event_id
       returning delivery.event_id, delivery.tries, object.doc`,
      [this.url, limit, LEASE_SECONDS],
    );
    return rows;
  }

  private launch(due: Due): void {
    const work = this.deliver(due)
      .catch(tell)
      .finally(() => {
        this.inFlight.delete(work);
        this.wake();
      });
    this.inFlight.add(work);
  }

  private async deliver(due: Due): Promise<void> {
    const fate = due.tries === 1 ? this.faults.next() : { kind: 'send' as const };
    if (fate.kind === 'drop') return this.putOff(due, null);
    if (fate.kind === 'delay') return this.putOff(due, fate.seconds);
    if (fate.kind === 'duplicate') await this.post(this.worded(due.doc));
    await this.send(due);
  }

  /** @param seconds  null: for ever. */
  private async putOff({ event_id }: Due, seconds: number | null): Promise<void> {
    await this.pool.query(
      `update delivery set due_at = now() + make_interval(secs => $3)
       where event_id = $1 and url = $2`,
      [event_id, this.url, seconds],
    );
  }

  private async send({ event_id, tries, doc }: Due): Promise<void> {
    const isTaken = await this.post(this.worded(doc));
    const step = LADDER_SECONDS[tries - 1] ?? LAST_STEP_SECONDS;
    await this.pool.query(
      `update delivery set
         due_at = case when $3 then null else now() + make_interval(secs => $4) end,
         delivered_at = case when $5 then now() end
       where event_id = $1 and url = $2`,
      [event_id, this.url, isTaken || tries >= TRIES_MAX, step, isTaken],
    );
  }

  /** As the endpoint's own version says it; of all that changed, the sandbox knows the version's name. */
  private worded(event: Doc): string {
    const { apiVersion } = this.endpoint;
    return JSON.stringify(apiVersion === null ? event : { ...event, api_version: apiVersion });
  }

  private async post(body: string): Promise<boolean> {
    const t = String(Math.floor(this.clock.now().getTime() / 1_000));
    const v1 = createHmac('sha256', this.endpoint.secret).update(`${t}.${body}`).digest('hex');
    try {
      const answer = await fetch(this.endpoint.address, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'stripe-signature': `t=${t},v1=${v1}` },
        body,
        redirect: 'manual',
        signal: AbortSignal.any([this.end.signal, AbortSignal.timeout(ANSWER_MS_MAX)]),
      });
      await answer.arrayBuffer();
      return answer.ok;
    } catch {
      return false;
    }
  }
}
