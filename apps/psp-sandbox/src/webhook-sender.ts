import { createHmac } from 'node:crypto';
import type { Pool } from 'pg';
import type { Clock } from '@stuiver/ports';

interface Due {
  readonly event_id: string;
  readonly url: string;
  readonly tries: number;
  readonly doc: unknown;
}

const IDLE_MS = 500;
const DUE_AT_ONCE_MAX = 50;
const ANSWER_MS_MAX = 10_000;
/** Stripe tries for three days; a sandbox's day is short, so the ladder is too, and then once an hour. */
const LADDER_SECONDS = [1, 2, 5, 15, 60, 300, 1_800];
const LAST_STEP_SECONDS = 3_600;
const TRIES_MAX = 80;

/** Sends each event to each endpoint until it answers 2xx, signed afresh each time. */
export class WebhookSender {
  private timer: NodeJS.Timeout | undefined;
  private working: Promise<void> = Promise.resolve();
  private stopped = false;
  private again = false;
  private busy = false;

  constructor(
    private readonly pool: Pool,
    private readonly clock: Clock,
    private readonly endpoints: readonly { readonly url: string; readonly secret: string }[],
  ) {}

  start(): void {
    this.wake();
  }

  wake(): void {
    if (this.stopped) return;
    this.again = true;
    if (this.busy) return;
    this.busy = true;
    clearTimeout(this.timer);
    this.working = this.work().finally(() => {
      this.busy = false;
      if (!this.stopped)
        this.timer = setTimeout(() => {
          this.wake();
        }, IDLE_MS);
    });
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.working;
  }

  private async work(): Promise<void> {
    while (this.again && !this.stopped) {
      this.again = false;
      const { rows } = await this.pool.query<Due>(
        `select event_id, url, tries, doc from delivery join object on object.id = delivery.event_id
         where due_at <= now() order by object.seq limit $1`,
        [DUE_AT_ONCE_MAX],
      );
      await Promise.all(rows.map((due) => this.deliver(due)));
      if (rows.length === DUE_AT_ONCE_MAX) this.again = true;
    }
  }

  private async deliver(due: Due): Promise<void> {
    const endpoint = this.endpoints.find(({ url }) => url === due.url);
    const taken = endpoint !== undefined && (await this.post(endpoint, JSON.stringify(due.doc)));
    const step = LADDER_SECONDS[due.tries] ?? LAST_STEP_SECONDS;
    const over = taken || due.tries + 1 >= TRIES_MAX;
    await this.pool.query(
      `update delivery set tries = tries + 1,
         due_at = case when $3 then null else now() + make_interval(secs => $4) end,
         delivered_at = case when $5 then now() end
       where event_id = $1 and url = $2`,
      [due.event_id, due.url, over, step, taken],
    );
  }

  private async post(endpoint: { url: string; secret: string }, body: string): Promise<boolean> {
    const t = String(Math.floor(this.clock.now().getTime() / 1_000));
    const v1 = createHmac('sha256', endpoint.secret).update(`${t}.${body}`).digest('hex');
    try {
      const answer = await fetch(endpoint.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'stripe-signature': `t=${t},v1=${v1}` },
        body,
        redirect: 'manual',
        signal: AbortSignal.timeout(ANSWER_MS_MAX),
      });
      await answer.arrayBuffer();
      return answer.ok;
    } catch {
      return false;
    }
  }
}
