-- What a merchant is charged for a month's payments. Invariant F3: invoices are numbered without a gap in each year, one
-- per merchant and month, sum to the fees of that month's payments, and stay.
create index payment_order_paid_of_merchant on orders.payment_order (mchid, paid_at) where paid_at is not null;

-- The last number given in a year; only the trigger below moves it.
create table orders.fee_invoice_year (
  year integer primary key check (year between 2000 and 9999),
  last integer not null check (last > 0)
);

-- A month of Amsterdam. Lines: payments counted, amounts in minor units as text.
create function orders.fee_invoice_adds_up(lines jsonb, net bigint, vat bigint) returns boolean
language sql immutable parallel safe set search_path = pg_catalog, pg_temp as $$
  select jsonb_typeof(lines) = 'array'
    and coalesce(sum((line ->> 'netMinor')::bigint), 0) = net
    and coalesce(sum((line ->> 'vatMinor')::bigint), 0) = vat
    from jsonb_array_elements(case jsonb_typeof(lines) when 'array' then lines else '[]' end) as line
$$;

create table orders.fee_invoice (
  year      integer     not null references orders.fee_invoice_year (year),
  no        integer     not null check (no > 0),
  mchid     text        not null references orders.merchant (mchid),
  -- As the merchant was called when it was made.
  name      text        not null,
  month     text        not null check (month ~ '^20\d\d-(0[1-9]|1[0-2])$'),
  issued_at timestamptz not null,
  lines     jsonb       not null,
  net_minor bigint      not null check (net_minor >= 0),
  vat_minor bigint      not null check (vat_minor >= 0),
  primary key (year, no),
  constraint one_fee_invoice_a_month unique (mchid, month),
  constraint fee_invoice_adds_up check (orders.fee_invoice_adds_up(lines, net_minor, vat_minor))
);

-- The first moment of a month of Amsterdam, and of the month after it.
create function orders.month_of(month text, out since timestamptz, out until timestamptz)
language sql immutable parallel safe set search_path = pg_catalog, pg_temp as $$
  select make_timestamptz(year, number, 1, 0, 0, 0, 'Europe/Amsterdam'),
    make_timestamptz(year + number / 12, number % 12 + 1, 1, 0, 0, 0, 'Europe/Amsterdam')
    from (values (substr(month, 1, 4)::integer, substr(month, 6, 2)::integer)) as parts (year, number)
$$;

create function orders.number_fee_invoice() returns trigger language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
declare
  span record;
  paid record;
begin
  select m.since, m.until into strict span from orders.month_of(new.month) m;
  -- What was confirmed before the month's end is recorded by then.
  if new.issued_at < span.until + interval '1 hour' then
    raise exception 'a month is invoiced when it is over' using errcode = 'integrity_constraint_violation';
  end if;
  select coalesce(sum(a.fee_minor - a.fee_vat_minor), 0) as net, coalesce(sum(a.fee_vat_minor), 0) as vat into strict paid
    from orders.payment_order o join orders.attempt a on a.id = o.paid_attempt_id
   where o.mchid = new.mchid and o.paid_at >= span.since and o.paid_at < span.until;
  if (paid.net, paid.vat) is distinct from (new.net_minor::bigint, new.vat_minor::bigint) then
    raise exception 'an invoice sums to the fees of its month' using errcode = 'integrity_constraint_violation';
  end if;
  new.year := extract(year from new.issued_at at time zone 'Europe/Amsterdam');
  insert into orders.fee_invoice_year as y (year, last) values (new.year, 1)
    on conflict (year) do update set last = y.last + 1 returning y.last into strict new.no;
  return new;
end $$;
create trigger fee_invoice_is_numbered before insert on orders.fee_invoice
  for each row execute function orders.number_fee_invoice();

create function orders.fee_invoices_stay() returns trigger language plpgsql as $$
begin
  raise exception 'an invoice stays as it was made' using errcode = 'integrity_constraint_violation';
end $$;
create trigger fee_invoice_stays before update or delete or truncate on orders.fee_invoice
  for each statement execute function orders.fee_invoices_stay();

grant select on orders.fee_invoice to stuiver_order;
grant insert (mchid, name, month, issued_at, lines, net_minor, vat_minor) on orders.fee_invoice to stuiver_order;
