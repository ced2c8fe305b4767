-- Invariant P9: on which terms a merchant is settled stays on record as it was said, version after version.
create table payout.settlement_terms (
  merchant_id   text        not null check (merchant_id ~ '^[0-9]{8,32}$'),
  version       integer     not null check (version > 0),
  every         text        not null check (every in ('day', 'week', 'month', 'asked')),
  on_day        integer,
  minimum_minor bigint      not null check (minimum_minor between 0 and 100000000),
  currency      char(3)     not null default 'EUR',
  by_id         text        not null check (btrim(by_id) <> ''),
  by_name       text,
  reason        text        not null check (length(reason) between 1 and 500 and btrim(reason) <> ''),
  at            timestamptz not null,
  primary key (merchant_id, version),
  constraint day_fits_its_schedule check (case every
    when 'week' then on_day between 1 and 7
    when 'month' then on_day between 1 and 31
    else on_day is null end)
);

create function payout.terms_follow_the_last() returns trigger language plpgsql as $$
begin
  if new.version <> 1 + coalesce((select max(t.version) from payout.settlement_terms t
      where t.merchant_id = new.merchant_id), 0) then
    raise exception 'terms % of % do not follow the last', new.version, new.merchant_id using errcode = 'PO003';
  end if;
  return new;
end $$;
create trigger terms_follow_the_last before insert on payout.settlement_terms
  for each row execute function payout.terms_follow_the_last();

create function payout.terms_stay() returns trigger language plpgsql as $$
begin
  raise exception 'the terms of a merchant stay on record' using errcode = 'PO002';
end $$;
create trigger terms_stay before update or delete or truncate on payout.settlement_terms
  for each statement execute function payout.terms_stay();

grant select, insert on payout.settlement_terms to stuiver_payout;
