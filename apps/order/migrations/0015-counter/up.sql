-- The counter: a till, printed QR codes and payment links, for merchants without a server. Invariants O8 (one request
-- is one order), O9 (a payment link is not paid more often than its maker said).

-- An order needs a mini-program; a merchant's counter is one without pages, that nobody can open.
alter table orders.mini_program drop constraint mini_program_origin_kind_check;
alter table orders.mini_program add constraint origin_kind_is_known
  check (origin_kind in ('packaged', 'hosted', 'counter'));
create unique index one_counter_per_merchant on orders.mini_program (mchid) where origin_kind = 'counter';

-- What a payer can open at any time: an order is made at that moment.
create table orders.counter_code (
  id            text        primary key check (id ~ '^ctr_[0-9a-z]{26}$'),
  mchid         text        not null references orders.merchant (mchid),
  -- 'static': a printed QR code. 'link': a payment link.
  kind          text        not null check (kind in ('static', 'link')),
  -- What the address says.
  code          text        not null unique check (code ~ '^[0-9A-Za-z_-]{22}$'),
  -- What the payer reads.
  description   text        not null check (length(description) between 1 and 70),
  amount_minor  bigint      check (amount_minor between 1 and 999999999999),
  -- Between which amounts the payer may choose.
  min_minor     bigint,
  max_minor     bigint,
  payments_max  integer     check (payments_max between 1 and 1000),
  expires_at    timestamptz,
  request_id    text        not null,
  created_at    timestamptz not null,
  created_by    text        not null references orders.staff (id),
  withdrawn_at  timestamptz,
  constraint counter_code_is_asked_for_once unique (mchid, request_id),
  constraint amount_is_fixed_or_typed check (
    amount_minor is not null and min_minor is null and max_minor is null
    or amount_minor is null and min_minor is not null and max_minor is not null
      and min_minor between 1 and max_minor and max_minor <= 999999999999),
  constraint links_are_limited check (
    kind = 'link' and amount_minor is not null and payments_max is not null and expires_at is not null
    or kind = 'static' and payments_max is null and expires_at is null)
);
create index counter_code_of_merchant on orders.counter_code (mchid, kind, id desc);

create function orders.link_stays_withdrawn() returns trigger language plpgsql as $$
begin
  raise exception 'a payment link that was withdrawn stays so' using errcode = 'integrity_constraint_violation';
end $$;
create trigger link_stays_withdrawn before update of withdrawn_at on orders.counter_code for each row
  when (old.kind = 'link' and old.withdrawn_at is not null and new.withdrawn_at is distinct from old.withdrawn_at)
  execute function orders.link_stays_withdrawn();

-- Which orders came from the counter, and who asked for them.
create table orders.counter_order (
  order_id    text        primary key references orders.payment_order (id),
  mchid       text        not null references orders.merchant (mchid),
  kind        text        not null check (kind in ('till', 'static', 'link')),
  -- The page's own name of what it asked for, with who asked.
  request_key text        not null,
  staff_id    text        references orders.staff (id),
  code_id     text        references orders.counter_code (id),
  -- The payer for whom it was opened; a link that is good for a number of payments may show it to others too.
  user_id     text,
  created_at  timestamptz not null,
  constraint counter_order_is_asked_for_once unique (mchid, request_key),
  constraint counter_order_knows_who_asked check (
    kind = 'till' and staff_id is not null and code_id is null and user_id is null
    or kind <> 'till' and staff_id is null and code_id is not null and user_id is not null)
);
create index counter_order_of_code on orders.counter_order (code_id, user_id) where code_id is not null;
create index counter_order_of_staff on orders.counter_order (staff_id, created_at desc) where staff_id is not null;
create index counter_order_of_merchant on orders.counter_order (mchid, created_at desc);

-- Whoever opens one holds the link until the transaction ends, so two payers do not take the last place at once. A closed
-- order is never paid (O1 sends late money back), so its place is free again.
create function orders.keep_to_payments_max() returns trigger language plpgsql as $$
declare
  most integer;
begin
  select c.payments_max into most from orders.counter_code c where c.id = new.code_id for update;
  if most <= (select count(*) from orders.counter_order k join orders.payment_order o on o.id = k.order_id
               where k.code_id = new.code_id and o.state <> 'CLOSED') then
    raise exception 'a payment link is not paid more often than its maker said'
      using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$;
create trigger payments_max_is_kept before insert on orders.counter_order for each row
  when (new.code_id is not null) execute function orders.keep_to_payments_max();

grant select, insert on orders.counter_code, orders.counter_order to stuiver_order;
grant update (withdrawn_at) on orders.counter_code to stuiver_order;

-- A cashier uses the till of the merchants named beside the role, and sees nothing else of them.
alter table orders.staff drop constraint roles_are_known;
alter table orders.staff add constraint roles_are_known check (
  cardinality(roles) > 0 and roles <@ array['merchant', 'finance', 'operator', 'cashier']);
alter table orders.staff drop constraint merchants_go_with_their_role;
alter table orders.staff add constraint merchants_go_with_their_role check (
  (roles && array['merchant', 'cashier']) = (cardinality(merchants) > 0));
