-- Invariant T1: the days of an account sum to its balance, on both clocks. Days are those of Europe/Amsterdam.

-- What one account moved, by the day on which it took effect and the day on which it was booked. Both, because the
-- versions of one such pair lie close together even when facts come months late: `first_version` to `last_version` is
-- where to look for the rows of a day, so the transfers need no index by time.
create table ledger.account_day (
  account       bigint      not null,
  booked_on     date        not null,
  effective_on  date        not null,
  debit_minor   bigint      not null check (debit_minor >= 0),
  credit_minor  bigint      not null check (credit_minor >= 0),
  transfers     bigint      not null check (transfers > 0),
  first_version bigint      not null,
  last_version  bigint      not null,
  primary key (account, booked_on, effective_on),
  constraint day_lies_within_its_versions check (last_version - first_version + 1 >= transfers)
) with (fillfactor = 60);

create index batch_by_time on ledger.batch (at, no);

-- As its owner: the service itself may not write what its transfers sum to.
create function ledger.sum_days() returns trigger language plpgsql security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
begin
  insert into ledger.account_day as day (account, booked_on, effective_on, debit_minor, credit_minor, transfers,
                                         first_version, last_version)
  select side.account, batch.day, side.day, sum(side.debit), sum(side.credit), count(*), min(side.version),
         max(side.version)
    from (select t.batch, t.debit, (t.effective_at at time zone 'Europe/Amsterdam')::date, t.amount_minor, 0::bigint,
                 t.debit_version
            from added t
          union all
          select t.batch, t.credit, (t.effective_at at time zone 'Europe/Amsterdam')::date, 0::bigint, t.amount_minor,
                 t.credit_version
            from added t) as side (batch, account, day, debit, credit, version)
    join (select b.no, (b.at at time zone 'Europe/Amsterdam')::date as day
            from (select distinct t.batch from added t) as of
            join ledger.batch b on b.no = of.batch) as batch on batch.no = side.batch
   group by side.account, batch.day, side.day
  on conflict (account, booked_on, effective_on) do update
     set debit_minor = day.debit_minor + excluded.debit_minor,
         credit_minor = day.credit_minor + excluded.credit_minor,
         transfers = day.transfers + excluded.transfers,
         first_version = least(day.first_version, excluded.first_version),
         last_version = greatest(day.last_version, excluded.last_version);
  return null;
end $$;

-- What was booked before there were days.
insert into ledger.account_day (account, booked_on, effective_on, debit_minor, credit_minor, transfers, first_version,
                                last_version)
select side.account, (b.at at time zone 'Europe/Amsterdam')::date,
       (side.effective_at at time zone 'Europe/Amsterdam')::date, sum(side.debit), sum(side.credit), count(*),
       min(side.version), max(side.version)
  from (select batch, debit, effective_at, amount_minor, 0::bigint, debit_version from ledger.transfer
        union all
        select batch, credit, effective_at, 0::bigint, amount_minor, credit_version from ledger.transfer)
       as side (batch, account, effective_at, debit, credit, version)
  join ledger.batch b on b.no = side.batch
 group by 1, 2, 3;

create trigger transfer_is_summed_by_day after insert on ledger.transfer
  referencing new table as added for each statement execute function ledger.sum_days();
create trigger day_is_never_removed before delete or truncate on ledger.account_day
  for each statement execute function ledger.refuse_change();

revoke execute on function ledger.sum_days from public;
grant select on ledger.account_day to stuiver_ledger;
