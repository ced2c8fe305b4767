-- Invariants L1, L6, L7, T1: an account moves by its transfers, in the statement that writes them, and in no other way.
-- Its balance, its version and the sums of its day follow from the rows themselves, in one look at each account.

-- Where a command stands in its batch, from 0; null for what was written before this was noted.
alter table ledger.command add column place integer null check (place >= 0);

-- The day on which an account last moved, as far as that took effect on the day it was booked, stands with the account:
-- a second row for each movement would cost as much again. When the next day begins for it, its day becomes a past day.
alter table ledger.account_day rename to account_past_day;
alter table ledger.account
  add column day_on            date   null,
  add column day_debit_minor   bigint not null default 0 check (day_debit_minor >= 0),
  add column day_credit_minor  bigint not null default 0 check (day_credit_minor >= 0),
  add column day_transfers     bigint not null default 0 check (day_transfers >= 0),
  add column day_first_version bigint not null default 0,
  add column day_last_version  bigint not null default 0,
  add constraint account_day_lies_within_its_versions
    check (day_last_version - day_first_version + 1 >= day_transfers or day_transfers = 0);

drop trigger transfer_is_summed_by_day on ledger.transfer;
drop function ledger.sum_days();
drop trigger transfer_stands_on_the_books on ledger.transfer;
drop function ledger.check_transfers();

alter table ledger.account_past_day disable trigger day_is_never_removed;
with last as (
  delete from ledger.account_past_day d
   using (select account, max(booked_on) as booked_on from ledger.account_past_day
           where booked_on = effective_on group by account) as of
   where d.account = of.account and d.booked_on = of.booked_on and d.effective_on = of.booked_on
  returning d.*)
update ledger.account a
   set day_on = last.booked_on, day_debit_minor = last.debit_minor, day_credit_minor = last.credit_minor,
       day_transfers = last.transfers, day_first_version = last.first_version, day_last_version = last.last_version
  from last where a.id = last.account;
alter table ledger.account_past_day enable trigger day_is_never_removed;

create view ledger.account_day as
select account, booked_on, effective_on, debit_minor, credit_minor, transfers, first_version, last_version
  from ledger.account_past_day
union all
select id, day_on, day_on, day_debit_minor, day_credit_minor, day_transfers, day_first_version, day_last_version
  from ledger.account
 where day_transfers > 0;

create function ledger.keep_past_day() returns trigger language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  insert into ledger.account_past_day (account, booked_on, effective_on, debit_minor, credit_minor, transfers,
                                       first_version, last_version)
  values (old.id, old.day_on, old.day_on, old.day_debit_minor, old.day_credit_minor, old.day_transfers,
          old.day_first_version, old.day_last_version);
  return null;
end $$;
create trigger account_keeps_its_past_days after update of day_on on ledger.account
  for each row when (old.day_transfers > 0 and old.day_on is distinct from new.day_on)
  execute function ledger.keep_past_day();

-- After, not before: a trigger before an update locks each row once more.
drop trigger closed_account_stays_closed on ledger.account;
create trigger closed_account_stays_closed after update of state on ledger.account
  for each row when (old.state = 'closed' and new.state <> 'closed') execute function ledger.refuse_reopening();

create function ledger.move_accounts() returns trigger language plpgsql security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
declare
  batch_no    bigint;
  this_day   date;
  day_begins  timestamptz;
  day_ends    timestamptz;
  sides       bigint;
  today_sides bigint;
begin
  if not exists (select from added) then
    return null;
  end if;
  select b.no, (b.at at time zone 'Europe/Amsterdam')::date into batch_no, this_day
    from ledger.head h join ledger.batch b on b.no = h.batch where h.shard = 1;
  day_begins := (this_day + interval '0 days') at time zone 'Europe/Amsterdam';
  day_ends := (this_day + interval '1 day') at time zone 'Europe/Amsterdam';

  if exists (select from added t where t.batch <> batch_no) or exists (
    select from (select distinct t.command_id, t.batch from added t) as said
      left join ledger.command c on c.id = said.command_id and c.batch = said.batch
     where c.id is null
  ) then
    raise exception 'a transfer belongs to a command of its batch' using errcode = 'LB003';
  end if;

  -- Each account is looked up once, however many of the rows are its own.
  with side as (
    select account, currency, version, after, debit, credit, at from (
      select t.debit, t.currency, t.debit_version, t.debit_after, t.amount_minor, 0::bigint, t.effective_at from added t
      union all
      select t.credit, t.currency, t.credit_version, t.credit_after, 0::bigint, t.amount_minor, t.effective_at
        from added t) as each (account, currency, version, after, debit, credit, at)
     order by account, currency, version),
  moving as (
    select account, currency, sum(debit)::bigint as debit, sum(credit)::bigint as credit, count(*) as sides,
           min(version) as first, max(version) as last, (array_agg(after))[count(*)] as after,
           coalesce(sum(debit) filter (where at >= day_begins and at < day_ends), 0)::bigint as today_debit,
           coalesce(sum(credit) filter (where at >= day_begins and at < day_ends), 0)::bigint as today_credit,
           count(*) filter (where at >= day_begins and at < day_ends) as today_sides,
           min(version) filter (where at >= day_begins and at < day_ends) as today_first,
           max(version) filter (where at >= day_begins and at < day_ends) as today_last
      from side group by account, currency),
  moved as (
    update ledger.account a
       set balance_minor = m.after,
           version = m.last,
           day_on = case when m.today_sides > 0 then this_day else a.day_on end,
           day_debit_minor = m.today_debit
             + case when m.today_sides = 0 or a.day_on = this_day then a.day_debit_minor else 0 end,
           day_credit_minor = m.today_credit
             + case when m.today_sides = 0 or a.day_on = this_day then a.day_credit_minor else 0 end,
           day_transfers = m.today_sides
             + case when m.today_sides = 0 or a.day_on = this_day then a.day_transfers else 0 end,
           day_first_version = case when m.today_sides = 0 or a.day_on = this_day and a.day_transfers > 0
                                    then a.day_first_version else m.today_first end,
           day_last_version = coalesce(m.today_last, a.day_last_version)
      from moving m
     where a.id = m.account and a.currency = m.currency
       and a.version = m.first - 1 and m.last - m.first + 1 = m.sides
       and a.balance_minor + case when a.normal_side = 'debit' then m.debit - m.credit else m.credit - m.debit end
           = m.after
    returning m.sides, m.today_sides)
  select sum(m.sides), sum(m.today_sides) into sides, today_sides from moved m;
  if sides is distinct from 2 * (select count(*) from added) then
    raise exception 'an account moves from where it stands, by what its transfers say' using errcode = 'LB003';
  end if;

  if today_sides < sides then
    insert into ledger.account_past_day as day (account, booked_on, effective_on, debit_minor, credit_minor, transfers,
                                                first_version, last_version)
    select side.account, this_day, side.day, sum(side.debit), sum(side.credit), count(*), min(side.version),
           max(side.version)
      from (select t.debit, (t.effective_at at time zone 'Europe/Amsterdam')::date, t.amount_minor, 0::bigint,
                   t.debit_version
              from added t where not (t.effective_at >= day_begins and t.effective_at < day_ends)
            union all
            select t.credit, (t.effective_at at time zone 'Europe/Amsterdam')::date, 0::bigint, t.amount_minor,
                   t.credit_version
              from added t where not (t.effective_at >= day_begins and t.effective_at < day_ends))
           as side (account, day, debit, credit, version)
     group by side.account, side.day
    on conflict (account, booked_on, effective_on) do update
       set debit_minor = day.debit_minor + excluded.debit_minor,
           credit_minor = day.credit_minor + excluded.credit_minor,
           transfers = day.transfers + excluded.transfers,
           first_version = least(day.first_version, excluded.first_version),
           last_version = greatest(day.last_version, excluded.last_version);
  end if;
  return null;
end $$;
create trigger transfer_moves_its_accounts after insert on ledger.transfer
  referencing new table as added for each statement execute function ledger.move_accounts();

drop function ledger.append_rare_accounts;

-- By how much more or less each account holds, from the holds of a batch as they stand before and after it.
create function ledger.held_changes(p_rare jsonb) returns table (account bigint, change bigint) language sql stable as $$
  select each.account, sum(each.change)::bigint
    from (select h.account, h.remaining_minor
            from jsonb_to_recordset(p_rare->'holds_placed') as h (account bigint, remaining_minor bigint)
          union all
          select was.account, h.remaining_minor - was.remaining_minor
            from jsonb_to_recordset(p_rare->'holds_changed') as h (id text, remaining_minor bigint)
            join ledger.hold was on was.id = h.id) as each (account, change)
   group by each.account
$$;

-- Before the transfers: what a batch makes looser. Floors and ceilings are asked of every row by itself, and an account
-- that changes its terms or its holds meets the old ones before and the new ones after.
create function ledger.loosen_accounts(p_rare jsonb) returns void language plpgsql
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
begin
  update ledger.account a set held_minor = a.held_minor + c.change
    from ledger.held_changes(p_rare) c where a.id = c.account and c.change < 0;
  update ledger.account a
     set floor_minor = case when a.floor_minor > t.floor_minor then t.floor_minor
                            when t.floor_minor is null then null else a.floor_minor end,
         ceiling_minor = case when a.ceiling_minor < t.ceiling_minor then t.ceiling_minor
                              when t.ceiling_minor is null then null else a.ceiling_minor end
    from jsonb_to_recordset(p_rare->'terms') as t (id bigint, floor_minor bigint, ceiling_minor bigint)
   where a.id = t.id;
end $$;

-- After them: what it makes tighter.
create function ledger.tighten_accounts(p_rare jsonb) returns void language plpgsql
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
declare
  changed_rows bigint;
begin
  update ledger.account a set held_minor = a.held_minor + c.change
    from ledger.held_changes(p_rare) c where a.id = c.account and c.change > 0;
  update ledger.account a
     set state = t.state, floor_minor = t.floor_minor, own_floor_minor = t.own_floor_minor,
         ceiling_minor = t.ceiling_minor, limited = t.limited
    from jsonb_to_recordset(p_rare->'terms') as t (
      id bigint, state text, floor_minor bigint, own_floor_minor bigint, ceiling_minor bigint, limited boolean)
   where a.id = t.id;
  get diagnostics changed_rows = row_count;
  if changed_rows <> coalesce(jsonb_array_length(p_rare->'terms'), 0) then
    raise exception 'an account whose terms change is there' using errcode = 'LB004';
  end if;
end $$;

drop function ledger.append_batch;

-- The one way money moves: a whole decided batch in one statement, or nothing.
--   'appended'  it is written; the head has moved from p_head to p_head + 1.
--   'moved'     somebody else wrote since the caller read: nothing is written.
--   'known'     a command id is used already: nothing is written.
-- Arrays of one prefix are parallel. Command texts have no line break inside, so they come as lines. Accounts open empty:
-- they move by their transfers. The rare rows of a batch come as one jsonb parameter, null for most batches, with
-- amounts as text of whole numbers:
--   terms                             accounts whose terms or limits are not, or no longer, the chart's
--   holds_placed, holds_changed       holds as they are after the batch
--   limits_set, limits_removed, counters, counters_swept
--   reversals                         which transfer of this batch takes back which
--   answers                           by command id, JSON text of what its answer says beside its transfers
create function ledger.append_batch(
  p_head bigint, p_at timestamptz, p_last_seq bigint, p_last_account bigint,
  opened_id bigint[], opened_code text[], opened_owner text[], opened_currency text[], opened_side text[],
  opened_floor bigint[],
  command_id uuid[], command_kind text[], command_content text, command_first bigint[], command_transfers int[],
  command_refusal text,
  moved_command uuid[], moved_purpose text[], moved_debit bigint[], moved_credit bigint[], moved_amount bigint[],
  moved_currency text[], moved_debit_version bigint[], moved_debit_after bigint[], moved_credit_version bigint[],
  moved_credit_after bigint[], moved_effective timestamptz[],
  p_rare jsonb
) returns text language plpgsql security definer
set search_path = pg_catalog, pg_temp
-- One plan for every batch size, by primary key: left alone, the planner takes a large array for a reason to read the
-- whole table and hash it.
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
declare
  first_seq bigint;
begin
  if exists (select from ledger.command c where c.id = any (command_id)) then
    return 'known';
  end if;

  update ledger.head h
     set batch = p_head + 1, last_seq = p_last_seq, last_account = p_last_account, at = p_at
   where h.shard = 1 and h.batch = p_head and h.at <= p_at
     and h.last_seq + cardinality(moved_command) = p_last_seq
     and h.last_account + cardinality(opened_id) = p_last_account;
  if not found then
    return 'moved';
  end if;
  first_seq := p_last_seq - cardinality(moved_command) + 1;

  insert into ledger.batch (no, first_seq, transfer_count, command_count, at)
  values (p_head + 1, first_seq, cardinality(moved_command), cardinality(command_id), p_at);

  insert into ledger.command (id, kind, content, content_sha256, batch, place, first_seq, transfer_count, refusal,
                              answer)
  select u.id, u.kind, u.content::json, sha256(convert_to(u.content, 'UTF8')), p_head + 1, u.place - 1, u.first,
         u.transfers, nullif(u.refusal, '')::json, (p_rare->'answers'->>u.id::text)::json
    from unnest(command_id, command_kind, string_to_array(command_content, E'\n'), command_first, command_transfers,
                string_to_array(command_refusal, E'\n'))
         with ordinality as u (id, kind, content, first, transfers, refusal, place);

  insert into ledger.account (id, code, owner, currency, normal_side, floor_minor, balance_minor, version)
  select u.id, u.code, u.owner, u.currency, u.side, u.floor, 0, 0
    from unnest(opened_id, opened_code, opened_owner, opened_currency, opened_side, opened_floor)
         as u (id, code, owner, currency, side, floor);

  if p_rare is not null then
    perform ledger.loosen_accounts(p_rare);
  end if;

  insert into ledger.transfer (seq, command_id, purpose, debit, credit, amount_minor, currency, debit_version,
                               debit_after, credit_version, credit_after, effective_at, batch)
  select first_seq - 1 + u.place, u.command, u.purpose, u.debit, u.credit, u.amount, u.currency, u.debit_version,
         u.debit_after, u.credit_version, u.credit_after, u.effective_at, p_head + 1
    from unnest(moved_command, moved_purpose, moved_debit, moved_credit, moved_amount, moved_currency,
                moved_debit_version, moved_debit_after, moved_credit_version, moved_credit_after, moved_effective)
         with ordinality as u (command, purpose, debit, credit, amount, currency, debit_version, debit_after,
                               credit_version, credit_after, effective_at, place);

  if p_rare is not null then
    perform ledger.tighten_accounts(p_rare);
    perform ledger.append_rare_rows(p_head + 1, p_rare);
  end if;
  return 'appended';
end $$;

revoke execute on function ledger.keep_past_day from public;
revoke execute on function ledger.move_accounts from public;
revoke execute on function ledger.held_changes from public;
revoke execute on function ledger.loosen_accounts from public;
revoke execute on function ledger.tighten_accounts from public;
revoke execute on function ledger.append_batch from public;
grant execute on function ledger.append_batch to stuiver_ledger;
grant select on ledger.account_day to stuiver_ledger;
