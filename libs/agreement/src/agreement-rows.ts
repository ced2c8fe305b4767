import type { Outbox } from '@stuiver/bus';
import type { Clock } from '@stuiver/ports';
import type { Database } from '@stuiver/postgres';
import type { AgreementMemory, Change, Disagreement, Place } from './agree-with-ledger.js';

interface PlaceRow {
  readonly saidUntil: Date;
  readonly bookedUntil: string;
}

export interface Standing extends Disagreement {
  /** When it was first seen so. */
  readonly since: Date;
}

/** In a service's own schema: tables `agreement` and `disagreement`. Each change is said in the transaction that keeps it. */
export class AgreementRows implements AgreementMemory {
  private readonly schema: string;

  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly options: { readonly service: 'order' | 'payout'; readonly clock: Clock },
  ) {
    this.schema = options.service === 'order' ? 'orders' : 'payout';
  }

  async read(): Promise<Place & { readonly open: readonly Disagreement[] }> {
    const [place] = await this.database.query<PlaceRow>(
      `select said_until as "saidUntil", booked_until::text as "bookedUntil" from ${this.schema}.agreement`,
    );
    const { saidUntil = new Date(0), bookedUntil = '0' } = place ?? {};
    return { saidUntil, bookedUntil, open: await this.standing() };
  }

  /** What disagrees, the oldest first. */
  standing(): Promise<readonly Standing[]> {
    return this.database.query<Standing>(
      `select command_id as "commandId", kind, thing as id, reason, since
         from ${this.schema}.disagreement where reason is not null order by since, command_id`,
    );
  }

  keep({ saidUntil, bookedUntil }: Place, changes: readonly Change[]): Promise<void> {
    const { schema, outbox } = this;
    const { service, clock } = this.options;
    return this.database.run(async (tx) => {
      await tx.query(
        `update ${schema}.agreement set said_until = greatest(said_until, $1),
                booked_until = greatest(booked_until, $2::bigint)`,
        [saidUntil, bookedUntil],
      );
      for (const { commandId, kind, id, reason } of changes) {
        const at = clock.now();
        const kept = await tx.query<unknown[]>(
          `insert into ${schema}.disagreement (command_id, kind, thing, reason, since) values ($1, $2, $3, $4, $5)
           on conflict (command_id) do update set reason = excluded.reason, since = excluded.since
            where ${schema}.disagreement.reason is distinct from excluded.reason
           returning command_id`,
          [commandId, kind, id, reason, at],
        );
        if (kept.length === 0) continue;
        await outbox.say(tx, {
          type: `${service}.agreement-changed.v1`,
          subject: `agreement:${commandId}`,
          data: { commandId, kind, id, reason, at: at.toISOString() },
        });
      }
    });
  }
}
