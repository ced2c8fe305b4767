import type { Pool } from 'pg';

/** A dead letter that is not settled, as a person sees it. */
export interface OpenLetter {
  readonly id: string;
  readonly consumer: string;
  readonly topic: string;
  readonly partition: number;
  readonly position: string;
  readonly subject: string;
  readonly reason: string;
  readonly at: Date;
  /** Null while it waits for a person. */
  readonly decision: 'replay' | 'drop' | null;
  /** Later messages of its subject that wait behind it. */
  readonly parked: number;
}

const LISTED_MAX = 500;

/** The oldest first. */
export async function listDeadLetters(pool: Pool): Promise<readonly OpenLetter[]> {
  const { rows } = await pool.query<OpenLetter>(
    `select id, consumer, topic, partition, position::text, subject, reason, at, decision,
            (select count(*)::int from bus.parked p
              where p.consumer = l.consumer and p.topic = l.topic and p.subject = l.subject) as parked
       from bus.dead_letter l where settled_at is null order by id limit ${String(LISTED_MAX)}`,
  );
  return rows;
}

/**
 * Lets the consumers of these letters try again, and then all that is parked behind them. They do it within a second of
 * running; a letter that fails again waits for a person again.
 *
 * @param which a letter's id, or a subject: then the letters of every consumer that waits for it.
 * @returns how many letters that is.
 */
export function replayDeadLetter(pool: Pool, which: string): Promise<number> {
  return decide(pool, 'replay', which);
}

/** Gives a letter up: what is parked behind it goes on without it. @returns how many letters that is. */
export function dropDeadLetter(pool: Pool, id: string): Promise<number> {
  return decide(pool, 'drop', id);
}

async function decide(pool: Pool, decision: 'replay' | 'drop', which: string): Promise<number> {
  const bySubject = decision === 'replay' ? 'or subject = $2' : '';
  const { rowCount } = await pool.query(
    `update bus.dead_letter set decision = $1, decided_at = now()
      where settled_at is null and (id::text = $2 ${bySubject})`,
    [decision, which],
  );
  return rowCount ?? 0;
}
