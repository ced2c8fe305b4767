import type { Database } from '@stuiver/postgres';
import type { KeptMessage, PspInboxStore } from '../../use-cases/psp-inbox.js';

export class PostgresPspInbox implements PspInboxStore {
  constructor(private readonly database: Database) {}

  async keep(message: {
    pspEventId: string;
    sha256: Uint8Array;
    sealed: Uint8Array;
    type: string;
    at: Date;
  }): Promise<'kept' | 'repeat' | 'other'> {
    const rows = await this.database.query(
      `insert into orders.psp_inbox
         (psp_event_id, body_sha256, body_sealed, psp_type, received_at, work_at)
       values ($1, $2, $3, $4, $5, $5) on conflict do nothing returning psp_event_id`,
      [
        ...[message.pspEventId, Buffer.from(message.sha256), Buffer.from(message.sealed)],
        ...[message.type, message.at],
      ],
    );
    if (rows.length === 1) return 'kept';
    const known = await this.database.query(
      'select from orders.psp_inbox where psp_event_id = $1 and body_sha256 = $2',
      [message.pspEventId, Buffer.from(message.sha256)],
    );
    return known.length === 1 ? 'repeat' : 'other';
  }

  async take(take: {
    now: Date;
    limit: number;
    leaseUntil: Date;
  }): Promise<readonly KeptMessage[]> {
    const rows = await this.database.query<{
      psp_event_id: string;
      body_sealed: Buffer;
      worked_count: number;
    }>(
      `update orders.psp_inbox set work_at = $3, worked_count = worked_count + 1
       where psp_event_id in (
         select psp_event_id from orders.psp_inbox where work_at <= $1 order by work_at limit $2
         for update skip locked)
       returning psp_event_id, body_sealed, worked_count`,
      [take.now, take.limit, take.leaseUntil],
    );
    return rows.map((row) => ({
      pspEventId: row.psp_event_id,
      sealed: row.body_sealed,
      workedCount: row.worked_count,
    }));
  }

  async finish(pspEventId: string, end: { at: Date; problem: string | null }): Promise<void> {
    await this.database.query(
      `update orders.psp_inbox set done_at = $2, problem = $3, work_at = null
       where psp_event_id = $1`,
      [pspEventId, end.at, end.problem],
    );
  }

  async postpone(pspEventId: string, until: Date): Promise<void> {
    const sql = 'update orders.psp_inbox set work_at = $2 where psp_event_id = $1';
    await this.database.query(sql, [pspEventId, until]);
  }
}
