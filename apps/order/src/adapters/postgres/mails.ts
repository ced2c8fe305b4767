import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { newUuid } from '@stuiver/ids';
import type { Clock, KeyStore, Random } from '@stuiver/ports';
import type { Database } from '@stuiver/postgres';
import type { DueMail, Mail, MailBook, MailWrites, OwedMail } from '../../use-cases/mail/mail.js';

const KeptMail = z.strictObject({ to: z.string(), subject: z.string(), text: z.string() });

interface Tools {
  readonly keys: Pick<KeyStore, 'seal' | 'open'>;
  readonly clock: Clock;
  readonly random: Random;
}

/** A sent mail as the sandbox's mailbox shows it. */
export interface ShownMail extends Mail {
  readonly id: string;
  readonly sentAt: Date;
}

export class PostgresMailWrites implements MailWrites {
  constructor(
    private readonly tx: Pick<EntityManager, 'query'>,
    private readonly tools: Tools,
  ) {}

  async oweMail(owed: OwedMail): Promise<void> {
    const { dedupeKey, ...mail } = owed;
    const id = newUuid(this.tools.random);
    const now = this.tools.clock.now();
    const plain = Buffer.from(JSON.stringify(mail satisfies Mail));
    const sealed = Buffer.from(await this.tools.keys.seal(purposeOf(id), plain));
    await this.tx.query(
      `insert into orders.mail (id, dedupe_key, sealed, created_at, next_try_at)
       values ($1, $2, $3, $4, $4) on conflict (dedupe_key) do nothing`,
      [id, dedupeKey, sealed, now],
    );
  }
}

interface Row {
  readonly id: string;
  readonly sealed: Buffer;
  readonly tries: number;
}

export class PostgresMails implements MailBook {
  constructor(
    private readonly database: Database,
    private readonly keys: Pick<KeyStore, 'open'>,
  ) {}

  async take(take: { now: Date; limit: number; leaseUntil: Date }): Promise<readonly DueMail[]> {
    const rows = await this.database.query<Row>(
      `update orders.mail set next_try_at = $3 where id in (
         select id from orders.mail where next_try_at <= $1
         order by next_try_at limit $2 for update skip locked)
       returning id, sealed, tries`,
      [take.now, take.limit, take.leaseUntil],
    );
    return rows.map((row) => ({ id: row.id, tries: row.tries, read: () => this.read(row) }));
  }

  async saveSent(id: string, at: Date): Promise<void> {
    await this.database.query(
      `update orders.mail set sent_at = $2, tries = tries + 1, next_try_at = null, problem = null
       where id = $1 and next_try_at is not null`,
      [id, at],
    );
  }

  async saveFailed(
    id: string,
    failure: { at: Date; next: Date | null; problem: string },
  ): Promise<void> {
    await this.database.query(
      `update orders.mail set tries = tries + 1, next_try_at = $2, problem = $4,
         given_up_at = case when $2::timestamptz is null then $3::timestamptz end
       where id = $1 and next_try_at is not null`,
      [id, failure.next, failure.at, failure.problem],
    );
  }

  async forgetTexts(createdBefore: Date): Promise<void> {
    await this.database.query(
      `update orders.mail set sealed = null
       where created_at < $1 and sealed is not null and next_try_at is null`,
      [createdBefore],
    );
  }

  /** What was sent and is not forgotten, the latest first. */
  async sent(limit: number): Promise<readonly ShownMail[]> {
    return this.shown('order by sent_at desc, id limit $1', [limit]);
  }

  async sentOne(id: string): Promise<ShownMail | undefined> {
    return (await this.shown('and id = $1', [id]))[0];
  }

  private async shown(rest: string, parameters: readonly unknown[]): Promise<ShownMail[]> {
    const rows = await this.database.query<Row & { sent_at: Date }>(
      `select id, sealed, tries, sent_at from orders.mail
       where sent_at is not null and sealed is not null ${rest}`,
      parameters,
    );
    return Promise.all(
      rows.map(async (row) => {
        const mail = await this.read(row);
        return { id: row.id, ...mail, sentAt: row.sent_at };
      }),
    );
  }

  private async read({ id, sealed }: Row): Promise<Mail> {
    const plain = await this.keys.open(purposeOf(id), sealed);
    return KeptMail.parse(JSON.parse(Buffer.from(plain).toString()));
  }
}

function purposeOf(mailId: string): string {
  return `mail/${mailId}`;
}
