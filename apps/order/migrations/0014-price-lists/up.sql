-- What payments cost their merchants. Invariants F1 (a fee is that of the list in force when the payer confirmed, and
-- stays), F2 (who proposes prices does not approve them; prices never change backwards).

-- One line per method, and one for all others; amounts in minor units as text, so that none becomes a float.
create function orders.price_lines_hold(lines jsonb) returns boolean
language sql immutable parallel safe set search_path = pg_catalog, pg_temp as $$
  select jsonb_typeof(lines) = 'array' and jsonb_array_length(lines) between 1 and 4
    and count(distinct line ->> 'method') = count(*)
    and bool_or(line ->> 'method' = 'default')
    and bool_and(coalesce(
      line ->> 'method' in ('default', 'wallet', 'ideal', 'card')
      and line ->> 'basisPoints' ~ '^(0|[1-9]\d{0,3})(\.\d{1,4})?$'
      and line ->> 'fixedMinor' ~ '^(0|[1-9]\d{0,8})$'
      and line ->> 'minimumMinor' ~ '^(0|[1-9]\d{0,8})$'
      and (line -> 'capMinor' = 'null'::jsonb or line ->> 'capMinor' ~ '^(0|[1-9]\d{0,8})$'
        and (line ->> 'capMinor')::bigint >= (line ->> 'minimumMinor')::bigint)
      and line -> 'vat' ->> 'percent' ~ '^(0|[1-9]\d?)(\.\d{1,2})?$'
      and line -> 'vat' ->> 'reason' in ('standard', 'exempt', 'reverse-charge')
      and (line -> 'vat' ->> 'reason' = 'standard') = (line -> 'vat' ->> 'percent' !~ '^0(\.0+)?$'), false))
    from jsonb_array_elements(case jsonb_typeof(lines) when 'array' then lines else '[]' end) as line
$$;

-- A version of a list: the standard one, or a merchant's own. It is written once; what becomes of it stands beside it.
create table orders.price_version (
  id         text        primary key check (id ~ '^prl_[0-9a-z]{26}$'),
  list       text        not null,
  -- Null for the standard list.
  mchid      text        generated always as (nullif(list, 'standard')) stored references orders.merchant (mchid),
  valid_from timestamptz not null,
  on_refund  text        not null check (on_refund in ('kept', 'returned')),
  lines      jsonb       not null constraint price_lines_hold check (orders.price_lines_hold(lines)),
  maker      text        not null check (length(maker) between 1 and 70 and maker !~ '^\s|\s$|[[:cntrl:]]'),
  made_at    timestamptz not null,
  constraint price_version_as_decided_on unique (id, list, valid_from, maker)
);
create index price_version_of_list on orders.price_version (list, valid_from desc);

create table orders.price_decision (
  version_id text        primary key,
  list       text        not null,
  valid_from timestamptz not null,
  maker      text        not null,
  decision   text        not null check (decision in ('approved', 'rejected')),
  checker    text        not null check (length(checker) between 1 and 70 and checker !~ '^\s|\s$|[[:cntrl:]]'),
  decided_at timestamptz not null,
  foreign key (version_id, list, valid_from, maker) references orders.price_version (id, list, valid_from, maker),
  constraint prices_are_approved_by_another check (
    decision = 'rejected' or lower(btrim(checker)) <> lower(btrim(maker))),
  -- A minute, so that whoever confirms a payment at that moment sees the version.
  constraint prices_are_approved_ahead check (
    decision = 'rejected' or decided_at + interval '1 minute' <= valid_from)
);
create unique index one_version_begins_at_a_moment on orders.price_decision (list, valid_from) where decision = 'approved';

create function orders.prices_stay() returns trigger language plpgsql as $$
begin
  raise exception 'a version of a price list stays as it was written' using errcode = 'integrity_constraint_violation';
end $$;
create trigger price_version_stays before update or delete or truncate on orders.price_version
  for each statement execute function orders.prices_stay();
create trigger price_decision_stays before update or delete or truncate on orders.price_decision
  for each statement execute function orders.prices_stay();

-- The version that prices a merchant's payments at a moment: its own list's, or the standard list's. Null: neither has
-- begun, and the configured price holds.
create function orders.price_version_at(of_mchid text, at timestamptz) returns text
language sql stable set search_path = pg_catalog, pg_temp as $$
  select d.version_id from orders.price_decision d
   where d.list in (of_mchid, 'standard') and d.decision = 'approved' and d.valid_from <= at
   order by d.list = of_mchid desc, d.valid_from desc limit 1
$$;

alter table orders.attempt
  -- Null: the price of the configuration, before there was a list.
  add column price_version_id text references orders.price_version (id),
  add column fee_vat_minor    bigint not null default 0
    constraint vat_is_part_of_the_fee check (fee_vat_minor between 0 and coalesce(fee_minor, 0));

create function orders.price_by_the_list_in_force() returns trigger language plpgsql
set search_path = pg_catalog, pg_temp as $$
declare
  merchant text;
begin
  select o.mchid into strict merchant from orders.payment_order o where o.id = new.order_id;
  if new.price_version_id is distinct from orders.price_version_at(merchant, new.confirmed_at) then
    raise exception 'a fee is that of the price list in force' using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$;
create trigger fee_is_of_the_list_in_force before update of confirmed_at on orders.attempt for each row
  when (old.confirmed_at is null and new.confirmed_at is not null)
  execute function orders.price_by_the_list_in_force();

create function orders.keep_fee() returns trigger language plpgsql as $$
begin
  raise exception 'the fee of a confirmed payment stays' using errcode = 'integrity_constraint_violation';
end $$;
create trigger fee_is_kept before update of fee_minor, fee_vat_minor, price_version_id on orders.attempt for each row
  when (old.confirmed_at is not null and (new.fee_minor, new.fee_vat_minor, new.price_version_id)
    is distinct from (old.fee_minor, old.fee_vat_minor, old.price_version_id))
  execute function orders.keep_fee();

grant select on orders.price_version, orders.price_decision to stuiver_order;
grant insert (id, list, valid_from, on_refund, lines, maker, made_at) on orders.price_version to stuiver_order;
grant insert (version_id, list, valid_from, maker, decision, checker, decided_at) on orders.price_decision to stuiver_order;
