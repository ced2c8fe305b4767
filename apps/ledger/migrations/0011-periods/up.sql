-- Invariant T2: what was closed stays as it was. No transfer takes effect in a closed month, and no month is reopened.

-- One row for each closing: everything before `open_from` is closed to transfers from `from_seq` on.
create table ledger.period (
  open_from  timestamptz primary key,
  month      text        not null,
  command_id uuid        not null unique,
  batch      bigint      not null references ledger.batch (no),
  from_seq   bigint      not null,
  constraint period_is_a_month check (month ~ '^[0-9]{4}-(0[1-9]|1[0-2])$')
);

-- A period follows from its command, in the statement that writes the command, and from nothing else.
create function ledger.close_periods() returns trigger language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  closing record;
begin
  for closing in
    select c.id, c.batch, c.first_seq, c.content->>'month' as month, b.at,
           ((c.content->>'month' || '-01')::date + interval '1 month') at time zone 'Europe/Amsterdam' as open_from
      from added c join ledger.batch b on b.no = c.batch
     where c.kind = 'period-close' and c.refusal is null
     order by open_from
  loop
    if closing.open_from > closing.at then
      raise exception 'only a month that is over is closed' using errcode = 'LB006';
    end if;
    if exists (select from ledger.period p where p.open_from >= closing.open_from) then
      raise exception 'a later month is closed already' using errcode = 'LB006';
    end if;
    insert into ledger.period (open_from, month, command_id, batch, from_seq)
    values (closing.open_from, closing.month, closing.id, closing.batch, closing.first_seq);
  end loop;
  return null;
end $$;
create trigger command_closes_its_month after insert on ledger.command
  referencing new table as added for each statement execute function ledger.close_periods();

-- A batch may hold transfers before and after the closing: each is bound by those that came before it.
create function ledger.check_periods() returns trigger language plpgsql as $$
declare
  closed_before timestamptz;
begin
  select max(open_from) into closed_before from ledger.period;
  if closed_before is not null and exists (
    select from added t
     where t.effective_at < closed_before
       and exists (select from ledger.period p where p.open_from > t.effective_at and p.from_seq <= t.seq)
  ) then
    raise exception 'a closed month stays as it was' using errcode = 'LB006';
  end if;
  return null;
end $$;
create trigger transfer_takes_effect_in_an_open_month after insert on ledger.transfer
  referencing new table as added for each statement execute function ledger.check_periods();

create trigger period_is_append_only before update or delete or truncate on ledger.period
  for each statement execute function ledger.refuse_change();

revoke execute on function ledger.close_periods from public;
grant select on ledger.period to stuiver_ledger;
