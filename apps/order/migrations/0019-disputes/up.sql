-- Payments that a payer's bank takes back, or asks about. Invariant O12 (what a dispute took and gave back is booked once).
create table orders.dispute (
  -- The PSP's own id of it.
  id               text        primary key check (length(id) between 1 and 255),
  attempt_id       text        references orders.attempt (id),
  top_up_id        text        references orders.top_up (id),
  order_id         text        references orders.payment_order (id),
  -- Whose money it takes; null: nobody's of ours.
  mchid            text        references orders.merchant (mchid),
  state            text        not null check (state in ('inquiry', 'open', 'won', 'lost', 'closed')),
  -- The PSP's word for why.
  reason           text        not null check (length(reason) between 1 and 100),
  amount_minor     bigint      not null check (amount_minor > 0),
  currency         char(3)     not null,
  opened_at        timestamptz not null,
  evidence_due_at  timestamptz,
  withdrawn_minor  bigint      check (withdrawn_minor > 0),
  withdrawn_at     timestamptz,
  returned_minor   bigint      check (returned_minor > 0),
  returned_at      timestamptz,
  ended_at         timestamptz,
  ask_at           timestamptz,
  constraint dispute_is_of_one_payment check ((attempt_id is null) <> (top_up_id is null)),
  constraint disputed_attempt_has_an_order check (
    (attempt_id is null) = (order_id is null) and (mchid is null or order_id is not null)),
  constraint dispute_knows_when_money_moved check (
    (withdrawn_minor is null) = (withdrawn_at is null) and (returned_minor is null) = (returned_at is null)),
  constraint dispute_returns_what_it_took check (
    returned_minor is null or withdrawn_minor is not null and returned_minor <= withdrawn_minor),
  constraint open_dispute_is_asked_about check (
    (state in ('inquiry', 'open')) = (ask_at is not null) and (ask_at is null) = (ended_at is not null))
);
create index dispute_of_order on orders.dispute (order_id) where order_id is not null;
create index dispute_of_attempt on orders.dispute (attempt_id) where attempt_id is not null;
create index dispute_to_ask on orders.dispute (ask_at) where ask_at is not null;
create index dispute_withdrawn on orders.dispute (withdrawn_at) where withdrawn_at is not null;
create index dispute_returned on orders.dispute (returned_at) where returned_at is not null;

create function orders.keep_disputed_money() returns trigger language plpgsql as $$
begin
  raise exception 'what a dispute took or gave back was booked, and stays' using errcode = 'integrity_constraint_violation';
end $$;
create trigger disputed_money_stays before update on orders.dispute for each row
  when (
    old.withdrawn_at is not null
      and (new.withdrawn_at, new.withdrawn_minor, new.mchid) is distinct from (old.withdrawn_at, old.withdrawn_minor, old.mchid)
    or old.returned_at is not null
      and (new.returned_at, new.returned_minor) is distinct from (old.returned_at, old.returned_minor))
  execute function orders.keep_disputed_money();

grant select, insert on orders.dispute to stuiver_order;
grant update (state, reason, amount_minor, evidence_due_at, withdrawn_minor, withdrawn_at, returned_minor, returned_at,
  ended_at, ask_at) on orders.dispute to stuiver_order;
