-- Orders, attempts, refunds, top-ups. Invariants O1 (money that arrived has an owner), O2 (at most one attempt of an
-- order is out of our hands), O3 (refunds never exceed the payment).
create table orders.payment_order (
  id                text        primary key,
  mchid             text        not null references orders.merchant (mchid),
  appid             text        not null references orders.mini_program (appid),
  out_trade_no      text        not null check (length(out_trade_no) between 6 and 32),
  state             text        not null check (state in ('NOTPAY', 'SUCCESS', 'REFUND', 'CLOSED')),
  trade_type        text        not null check (trade_type in ('JSAPI', 'NATIVE', 'APP', 'MWEB')),
  description       text        not null,
  attach            text,
  notify_url        text        not null,
  amount_minor      bigint      not null check (amount_minor > 0),
  currency          char(3)     not null,
  -- Who must pay, when the order names a payer (jsapi).
  user_id           text,
  openid            text,
  -- Fields that are only given back or shown: detail, scene_info, goods_tag, settle_info, …
  extra             jsonb       not null,
  -- Over the canonical request: a repeated out_trade_no with other parameters is refused.
  parameters_sha256 bytea       not null,
  created_at        timestamptz not null,
  expires_at        timestamptz not null,
  transaction_id    text        unique,
  paid_attempt_id   text,
  paid_by_user_id   text,
  method            text        check (method in ('wallet', 'ideal', 'card')),
  fee_minor         bigint      check (fee_minor between 0 and amount_minor),
  paid_at           timestamptz,
  refunded_minor    bigint      not null default 0,
  closed_at         timestamptz,
  close_reason      text        check (close_reason in ('merchant', 'expired')),
  constraint order_number_is_unique_per_merchant unique (mchid, out_trade_no),
  constraint refunds_never_exceed_the_payment check (refunded_minor between 0 and amount_minor),
  constraint paid_order_knows_its_payment check (
    (state in ('SUCCESS', 'REFUND')) = (
      transaction_id is not null and paid_attempt_id is not null and paid_at is not null
      and method is not null and fee_minor is not null)),
  constraint closed_order_knows_when check ((state = 'CLOSED') = (closed_at is not null))
);
create index payment_order_to_expire on orders.payment_order (expires_at) where state = 'NOTPAY';
create index payment_order_of_payer on orders.payment_order (paid_by_user_id, paid_at desc);

-- A ticket to pay an order. A repeated order request gives a fresh one; an older native code dies.
create table orders.prepay (
  prepay_id  text        primary key,
  order_id   text        not null references orders.payment_order (id),
  code       text        unique,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  retired_at timestamptz
);
create index prepay_of_order on orders.prepay (order_id);

create table orders.attempt (
  id              text        primary key,
  order_id        text        not null references orders.payment_order (id),
  prepay_id       text        not null references orders.prepay (prepay_id),
  user_id         text        not null,
  state           text        not null check (
    state in ('created', 'confirming', 'redirected', 'unknown', 'succeeded', 'failed', 'cancelled', 'refundDue')),
  method          text        check (method in ('wallet', 'ideal', 'card')),
  -- Fixed at the confirm: the ledger's command carries it, and a repeat must say the same.
  fee_minor       bigint      check (fee_minor >= 0),
  psp_reference   text        unique,
  redirect_url    text,
  return_url      text,
  -- The PSP's own name of a test card; sandbox only.
  card_token      text,
  failure         text,
  created_at      timestamptz not null,
  confirmed_at    timestamptz,
  ended_at        timestamptz,
  -- The resolver's clock: when to ask the PSP or the ledger again, and how often it was asked.
  ask_at          timestamptz,
  asked_count     integer     not null default 0,
  constraint confirmed_attempt_has_a_method check (
    state in ('created', 'cancelled') or (method is not null and fee_minor is not null and confirmed_at is not null)),
  constraint open_attempt_is_asked_about check (
    (state in ('confirming', 'redirected', 'unknown')) = (ask_at is not null))
);
create unique index one_attempt_of_an_order_is_out_of_our_hands on orders.attempt (order_id)
  where state in ('confirming', 'redirected', 'unknown');
create index attempt_of_order on orders.attempt (order_id);
create index attempt_to_ask on orders.attempt (ask_at) where ask_at is not null;

create table orders.refund (
  id                     text        primary key,
  -- What the v3 wire calls refund_id: digits.
  refund_no              text        not null unique,
  order_id               text        not null references orders.payment_order (id),
  mchid                  text        not null,
  out_refund_no          text        not null,
  attempt_id             text        not null references orders.attempt (id),
  source                 text        not null check (source in ('merchant', 'late-payment')),
  -- requested: recorded, not yet accepted by the ledger. refused: the ledger said no; the number may be used again.
  state                  text        not null check (state in ('requested', 'refused', 'processing', 'success', 'abnormal', 'closed')),
  amount_minor           bigint      not null check (amount_minor > 0),
  currency               char(3)     not null,
  reason                 text,
  notify_url             text,
  funds_account          text,
  parameters_sha256      bytea       not null,
  psp_reference          text        unique,
  failure                text,
  created_at             timestamptz not null,
  -- Before anyone is asked to pay it back; for a wallet also when it is booked.
  sent_at                timestamptz,
  succeeded_at           timestamptz,
  work_at                timestamptz,
  worked_count           integer     not null default 0
);
create unique index refund_number_is_unique_per_merchant on orders.refund (mchid, out_refund_no) where state <> 'refused';
create unique index late_payment_is_refunded_once on orders.refund (attempt_id) where source = 'late-payment';
create index refund_of_order on orders.refund (order_id);
create index refund_to_work on orders.refund (work_at) where work_at is not null;

create table orders.top_up (
  id            text        primary key,
  user_id       text        not null,
  amount_minor  bigint      not null check (amount_minor > 0),
  currency      char(3)     not null,
  method        text        not null check (method in ('ideal', 'card')),
  state         text        not null check (state in ('confirming', 'redirected', 'unknown', 'succeeded', 'failed')),
  psp_reference text        unique,
  redirect_url  text,
  card_token    text,
  failure       text,
  created_at    timestamptz not null,
  ended_at      timestamptz,
  ask_at        timestamptz,
  asked_count   integer     not null default 0,
  constraint open_top_up_is_asked_about check (
    (state in ('confirming', 'redirected', 'unknown')) = (ask_at is not null))
);
create index top_up_of_user on orders.top_up (user_id, created_at desc);
create index top_up_to_ask on orders.top_up (ask_at) where ask_at is not null;

-- wx.login: a code is good for five minutes, once. Pairwise ids: one openid per user and mini-program.
create table orders.openid (
  appid      text        not null references orders.mini_program (appid),
  user_id    text        not null,
  openid     text        not null,
  created_at timestamptz not null,
  primary key (appid, user_id),
  constraint openid_is_unique_per_mini_program unique (appid, openid)
);
create table orders.login_code (
  code_sha256 bytea       primary key,
  appid       text        not null references orders.mini_program (appid),
  user_id     text        not null,
  created_at  timestamptz not null,
  expires_at  timestamptz not null,
  used_at     timestamptz
);
create index login_code_by_age on orders.login_code (expires_at);

grant select, insert, update on orders.payment_order, orders.prepay, orders.attempt, orders.refund, orders.top_up,
  orders.login_code to stuiver_order;
grant delete on orders.login_code to stuiver_order;
grant select, insert on orders.openid to stuiver_order;
