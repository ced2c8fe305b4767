import { BATCH_COMMANDS_MAX } from '../../domain/decide.js';

const LIMITS = (subject: string): string => `
  (select json_agg(json_build_array(l.name, l.window_kind, l.window_seconds, l.side, l.counterparty, l.count_max::text,
                   l.sum_max_minor::text,
                   (select coalesce(json_agg(json_build_array((extract(epoch from c.slot) * 1000)::bigint,
                                             c.count::text, c.sum_minor::text) order by c.slot), '[]')
                      from ledger.velocity_counter c where c.subject = l.subject and c.name = l.name))
                   order by l.name)
     from ledger.velocity_limit l where l.subject = ${subject})`;

const ACCOUNT = `
  json_build_array(a.id::text, a.code, a.balance_minor::text, a.version::text, a.held_minor::text, a.state,
                   a.own_floor_minor::text, a.ceiling_minor::text,
                   case when a.limited then ${LIMITS(`'account:' || a.code`)} end)`;

const HOLD = `
  json_build_array(h.id, a.code, h.currency, h.placed_minor::text, h.captured_minor::text, h.released_minor::text,
                   h.state, (extract(epoch from h.expires_at) * 1000)::bigint)`;

/**
 * One statement, so all of it is of one moment. int8 goes as text: JSON numbers are floats.
 *
 * $1 account codes, $2 command ids, $3 hold ids, $4 subjects, $5 ids of commands to reverse, $6 holds are due by this
 * moment, $7 accounts whose open holds to list, $8 how many of each at most.
 */
export const SNAPSHOT_SQL = `
  with due as materialized (
    select h.* from ledger.hold h
     where h.state = 'open'
       and h.expires_at <= (select greatest(head.at, $6::timestamptz) from ledger.head head where head.shard = 1)
     order by h.expires_at, h.id limit ${String(BATCH_COMMANDS_MAX)}),
  held as materialized (select h.* from ledger.hold h where h.id = any ($3::text[])),
  original as materialized (
    select c.id as command_id, t.seq, t.debit, t.credit, t.currency, t.amount_minor
      from ledger.command c
      join ledger.transfer t on t.seq >= c.first_seq and t.seq < c.first_seq + c.transfer_count
     where c.id = any ($5::uuid[]))
  select h.batch, h.last_seq, h.last_account, h.at, encode(ledger.hash_before(h.batch + 1), 'hex') as hash,
    (select coalesce(max(p.open_from), 'epoch') from ledger.period p) as open_from,
    (select coalesce(json_agg(${ACCOUNT}), '[]') from ledger.account a where a.code = any ($1::text[])) as accounts,
    (select coalesce(json_agg(${ACCOUNT}), '[]') from ledger.account a where a.id = any (array(
        select account from due union select account from held union select debit from original
        union select credit from original))) as more_accounts,
    (select coalesce(json_agg(json_build_object(
              'id', c.id, 'kind', c.kind, 'contentSha256', encode(c.content_sha256, 'hex'), 'batch', c.batch::text,
              'bookedAt', (extract(epoch from b.at) * 1000)::bigint, 'refusal', c.refusal, 'answer', c.answer,
              'transfers', (select coalesce(json_agg(json_build_object(
                  'seq', t.seq::text, 'purpose', t.purpose, 'debit', debit.code, 'credit', credit.code,
                  'amountMinor', t.amount_minor::text, 'currency', t.currency,
                  'debitVersion', t.debit_version::text, 'creditVersion', t.credit_version::text,
                  'debitAfterMinor', t.debit_after::text, 'creditAfterMinor', t.credit_after::text) order by t.seq), '[]')
                from ledger.transfer t
                join ledger.account debit on debit.id = t.debit
                join ledger.account credit on credit.id = t.credit
                where t.seq >= c.first_seq and t.seq < c.first_seq + c.transfer_count))), '[]')
       from ledger.command c join ledger.batch b on b.no = c.batch
       where c.id = any ($2::uuid[])) as known,
    (select coalesce(json_agg(${HOLD}), '[]') from held h join ledger.account a on a.id = h.account) as holds,
    (select coalesce(json_agg(${HOLD} order by h.expires_at, h.id), '[]')
       from due h join ledger.account a on a.id = h.account) as due,
    (select h.expires_at from ledger.hold h where h.state = 'open' and h.expires_at is not null
      order by h.expires_at, h.id offset (select count(*) from due) limit 1) as next_expiry,
    (select coalesce(json_agg(json_build_array(s.subject, ${LIMITS('s.subject')})), '[]')
       from unnest($4::text[]) as s (subject)) as subjects,
    (select coalesce(json_agg(json_build_array(o.command_id, o.seq::text, debit.code, credit.code, o.currency,
              o.amount_minor::text,
              (select coalesce(max(r.after_minor), 0)::text from ledger.reversal r where r.reverses = o.seq))
              order by o.seq), '[]')
       from original o
       join ledger.account debit on debit.id = o.debit
       join ledger.account credit on credit.id = o.credit) as originals,
    (select coalesce(json_agg(${HOLD} order by h.expires_at, h.id), '[]')
       from ledger.account a
       cross join lateral (select o.* from ledger.hold o where o.account = a.id and o.state = 'open'
                            order by o.expires_at, o.id limit $8::int) h
      where a.code = any ($7::text[])) as standing
  from ledger.head h where h.shard = 1`;
