/*
 * What stands in tables of its own and follows from commands and their answers, which the seals cover: each query gives
 * the first row that does not. `expected` and `found` are the columns that are compared; null where there is no row.
 */

/** What the last answer that speaks of a hold says of it. */
const HOLDS_SQL = `
  with said as (
    select h."holdId" as id, a.id as account, a.currency, h."placedMinor" as placed, h."capturedMinor" as captured,
           h."releasedMinor" as released, h."remainingMinor" as remaining, h.state, h."expiresAt" as expires_at,
           min(c.batch) over (partition by h."holdId") as placed_batch, c.batch as changed_batch,
           row_number() over (partition by h."holdId" order by c.batch desc, c.place desc nulls last) as age
      from ledger.command c,
           lateral json_to_recordset(c.answer->'holds') as h (
             "holdId" text, account text, "placedMinor" text, "capturedMinor" text, "releasedMinor" text,
             "remainingMinor" text, state text, "expiresAt" timestamptz)
      join ledger.account a on a.code = h.account
     where c.answer->'holds' is not null),
  derived as (
    select id, jsonb_build_object('account', account::text, 'currency', currency, 'placed_minor', placed,
             'captured_minor', captured, 'released_minor', released, 'remaining_minor', remaining, 'state', state,
             'expires_at', ledger.instant(expires_at), 'placed_batch', placed_batch::text,
             'changed_batch', changed_batch::text) as row
      from said where age = 1),
  standing as (
    select id, jsonb_build_object('account', account::text, 'currency', currency, 'placed_minor', placed_minor::text,
             'captured_minor', captured_minor::text, 'released_minor', released_minor::text,
             'remaining_minor', remaining_minor::text, 'state', state, 'expires_at', ledger.instant(expires_at),
             'placed_batch', placed_batch::text, 'changed_batch', changed_batch::text) as row
      from ledger.hold)
  select 'hold' as table, 'id' as name, id as key, d.row as expected, s.row as found
    from derived d full join standing s using (id)
   where d.row is distinct from s.row order by id limit 1`;

/** The sum of its open holds. */
const HELD_SQL = `
  select 'account' as table, 'id' as name, a.id::text as key,
         jsonb_build_object('held_minor', coalesce(h.held, 0)::text) as expected,
         jsonb_build_object('held_minor', a.held_minor::text) as found
    from ledger.account a
    left join (select account, sum(remaining_minor) as held from ledger.hold where state = 'open' group by account) as h
      on h.account = a.id
   where a.held_minor <> coalesce(h.held, 0) order by a.id limit 1`;

/** What the last answer that speaks of an account's terms says of them; without one it is as it was opened. */
const TERMS_SQL = `
  with said as (
    select distinct on (c.answer->'account'->>'account') c.answer->'account' as terms
      from ledger.command c where c.answer->'account' is not null
     order by c.answer->'account'->>'account', c.batch desc, c.place desc nulls last)
  select 'account' as table, 'id' as name, a.id::text as key, e.row as expected, f.row as found
    from ledger.account a
    left join said on said.terms->>'account' = a.code,
         lateral (select jsonb_build_object('state', coalesce(said.terms->>'state', 'open'),
                    'own_floor_minor', said.terms->>'floorMinor', 'ceiling_minor', said.terms->>'ceilingMinor',
                    'limited', exists (select from ledger.velocity_limit l where l.subject = 'account:' || a.code))
                    as row) as e,
         lateral (select jsonb_build_object('state', a.state, 'own_floor_minor', a.own_floor_minor::text,
                    'ceiling_minor', a.ceiling_minor::text, 'limited', a.limited) as row) as f
   where e.row <> f.row order by a.id limit 1`;

/** The last command that was not refused and names this limit. */
const LIMITS_SQL = `
  with said as (
    select distinct on (c.content->>'subject', c.content->>'name') c.content->>'subject' as subject,
           c.content->>'name' as name, c.content->'limit' as "limit"
      from ledger.command c where c.kind = 'limit-set' and c.refusal is null
     order by c.content->>'subject', c.content->>'name', c.batch desc, c.place desc nulls last),
  derived as (
    select subject || ' ' || name as key,
           jsonb_build_object('window_kind', "limit"->'window'->>'kind', 'window_seconds', "limit"->'window'->>'seconds',
             'side', "limit"->>'side', 'counterparty', "limit"->>'counterparty', 'count_max', "limit"->>'countMax',
             'sum_max_minor', "limit"->>'sumMaxMinor') as row
      from said where json_typeof("limit") = 'object'),
  standing as (
    select subject || ' ' || name as key,
           jsonb_build_object('window_kind', window_kind, 'window_seconds', window_seconds::text, 'side', side,
             'counterparty', counterparty, 'count_max', count_max::text, 'sum_max_minor', sum_max_minor::text) as row
      from ledger.velocity_limit)
  select 'velocity_limit' as table, 'name' as name, key, d.row as expected, s.row as found
    from derived d full join standing s using (key)
   where d.row is distinct from s.row order by key limit 1`;

/** One for each closing that was not refused. */
const PERIODS_SQL = `
  with derived as (
    select c.id, jsonb_build_object('month', c.content->>'month', 'batch', c.batch::text, 'from_seq', c.first_seq::text,
             'open_from', ledger.instant(
               ((c.content->>'month' || '-01')::date + interval '1 month') at time zone 'Europe/Amsterdam')) as row
      from ledger.command c where c.kind = 'period-close' and c.refusal is null),
  standing as (
    select command_id as id, jsonb_build_object('month', month, 'batch', batch::text, 'from_seq', from_seq::text,
             'open_from', ledger.instant(open_from)) as row
      from ledger.period)
  select 'period' as table, 'command_id' as name, id::text as key, d.row as expected, s.row as found
    from derived d full join standing s using (id)
   where d.row is distinct from s.row order by id limit 1`;

export const DERIVED_SQL: readonly string[] = [
  HOLDS_SQL,
  HELD_SQL,
  LIMITS_SQL,
  TERMS_SQL,
  PERIODS_SQL,
];
