-- Whom we do not serve, and payments that staff look at before money moves. Invariants O10 (of an order and its payer at
-- most one review waits), O11 (a review is decided once). docs/adr/0020-risk.md says why.

-- Lifting one deletes the row; the audit trail keeps what was, who did it and why.
create table orders.risk_block (
  kind       text        not null check (kind in ('person', 'merchant', 'source')),
  -- A person's or merchant's id, or what the PSP calls a source of funds. Never a card's number.
  value      text        not null check (value ~ '^[0-9A-Za-z_.-]{1,100}$'),
  reason     text        not null check (length(reason) between 3 and 500),
  blocked_by text        not null references orders.staff (id),
  blocked_at timestamptz not null,
  primary key (kind, value)
);

create table orders.risk_review (
  id          text        primary key check (id ~ '^rev_[0-9a-z]{26}$'),
  order_id    text        not null references orders.payment_order (id),
  -- The sheet that was confirmed; the decision holds for every sheet of this payer on this order.
  attempt_id  text        not null references orders.attempt (id),
  user_id     text        not null,
  method      text        not null check (method in ('wallet', 'ideal', 'card')),
  -- Rules with their versions, such as `new-payee/1`.
  reasons     text[]      not null check (cardinality(reasons) > 0),
  -- What the rules were judged on.
  facts       jsonb       not null check (jsonb_typeof(facts) = 'object'),
  -- lapsed: nobody decided in time. withdrawn: the payer left, or the order ended otherwise.
  state       text        not null check (state in ('waiting', 'approved', 'refused', 'lapsed', 'withdrawn')),
  opened_at   timestamptz not null,
  deadline_at timestamptz not null,
  decided_at  timestamptz,
  -- Null: a rule refused it, or nobody decided.
  decided_by  text        references orders.staff (id),
  -- Why, in that person's words.
  note        text        check (length(note) between 3 and 500),
  constraint review_ends_after_it_began check (deadline_at >= opened_at),
  constraint decided_review_knows_when check ((state = 'waiting') = (decided_at is null)),
  constraint who_decides_says_why check (
    (decided_by is null) = (note is null) and (decided_by is null or state in ('approved', 'refused'))
    and (state <> 'approved' or decided_by is not null))
);
create unique index one_review_of_a_payer_waits on orders.risk_review (order_id, user_id) where state = 'waiting';
create index risk_review_of_order on orders.risk_review (order_id, user_id, id desc);
create index risk_review_due on orders.risk_review (deadline_at) where state = 'waiting';

create function orders.review_is_decided_once() returns trigger language plpgsql as $$
begin
  raise exception 'a review that was decided stays so' using errcode = 'integrity_constraint_violation';
end $$;
create trigger review_is_decided_once before update on orders.risk_review for each row
  when (old.state <> 'waiting') execute function orders.review_is_decided_once();

-- Until when staff look at it at the latest; null: nobody does. It says something of a sheet that is still open only.
alter table orders.attempt add column held_until timestamptz;

create index attempt_of_payer_by_confirm on orders.attempt (user_id, confirmed_at) where confirmed_at is not null;
create index attempt_of_source on orders.attempt (card_token, confirmed_at) where card_token is not null;

grant select, insert, delete on orders.risk_block to stuiver_order;
grant select, insert on orders.risk_review to stuiver_order;
grant update (state, decided_at, decided_by, note) on orders.risk_review to stuiver_order;
