-- What came in and what must go out. Invariants E1 (state changed ⇔ event said), E2 (one effect per message).
create table orders.outbox (
  id          bigint      generated always as identity primary key,
  event_id    uuid        not null unique,
  topic       text        not null,
  subject     text        not null,
  event       jsonb       not null,
  occurred_at timestamptz not null,
  sent_at     timestamptz
);
create index outbox_unsent on orders.outbox (id) where sent_at is null;

create table orders.inbox (
  consumer    text        not null,
  event_id    uuid        not null,
  received_at timestamptz not null default now(),
  primary key (consumer, event_id)
);

-- Raw PSP webhooks, sealed: kept before anything else is done with them.
create table orders.psp_inbox (
  psp_event_id text        primary key,
  body_sha256  bytea       not null,
  body_sealed  bytea       not null,
  psp_type     text        not null,
  received_at  timestamptz not null,
  done_at      timestamptz,
  work_at      timestamptz,
  worked_count integer     not null default 0,
  problem      text
);
create index psp_inbox_to_work on orders.psp_inbox (work_at) where work_at is not null;

-- One row per message owed to a merchant; WeChat's ladder of fifteen retries.
create table orders.notification (
  id            uuid        primary key,
  mchid         text        not null references orders.merchant (mchid),
  event_type    text        not null,
  about         text        not null,
  url           text        not null,
  summary       text        not null,
  original_type text        not null,
  content_sealed bytea      not null,
  created_at    timestamptz not null,
  tries         integer     not null default 0,
  next_try_at   timestamptz,
  delivered_at  timestamptz,
  exhausted_at  timestamptz,
  constraint notification_is_said_once unique (event_type, about)
);
create index notification_due on orders.notification (next_try_at, id) where next_try_at is not null;
create index notification_of_merchant on orders.notification (mchid, created_at desc);

create table orders.notification_try (
  notification_id uuid        not null references orders.notification (id),
  try_no          integer     not null,
  at              timestamptz not null,
  duration_ms     integer     not null,
  status          integer,
  problem         text,
  primary key (notification_id, try_no)
);

grant select, insert, update on orders.outbox, orders.psp_inbox, orders.notification to stuiver_order;
grant delete on orders.outbox to stuiver_order;
grant select, insert on orders.inbox, orders.notification_try to stuiver_order;
