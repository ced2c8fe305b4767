-- The PostgreSQL transport: a log per topic and a position per group, as a broker keeps them.
create table bus.message (
  topic    text        not null,
  position bigint      generated always as identity,
  subject  text        not null,
  event_id uuid        not null,
  event    jsonb       not null,
  sent_at  timestamptz not null default now(),
  primary key (topic, position),
  -- A relay that died between sending and marking sends again: the log keeps the first.
  constraint event_is_sent_once unique (topic, event_id)
);

create table bus.cursor (
  consumer text   not null,
  topic    text   not null,
  position bigint not null,
  primary key (consumer, topic)
);

-- What can never succeed, with the reason; a person replays or drops it.
create table bus.dead_letter (
  consumer text        not null,
  topic    text        not null,
  position bigint      not null,
  subject  text        not null,
  reason   text        not null,
  at       timestamptz not null default now(),
  primary key (consumer, topic, position)
);

grant select, insert, delete on bus.message to stuiver_bus;
grant select, insert, update on bus.cursor to stuiver_bus;
grant select, insert on bus.dead_letter to stuiver_bus;
