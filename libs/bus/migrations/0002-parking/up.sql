-- Invariant E6: a consumer never passes a message of a subject while an earlier one of it cannot be handled. The earlier
-- one is a dead letter, later ones are parked behind it, and a person decides. Both transports keep them here.
alter table bus.message add column traceparent text;

alter table bus.dead_letter
  add column id          bigint generated always as identity,
  -- Kafka counts positions per partition; the PostgreSQL log has one.
  add column partition   integer not null default 0,
  add column event_id    uuid,
  -- As it came, also when it is no JSON: what is replayed.
  add column message     text,
  add column traceparent text,
  add column decision    text,
  add column decided_at  timestamptz,
  add column settled_at  timestamptz,
  drop constraint dead_letter_pkey,
  add constraint dead_letter_pkey primary key (id),
  add constraint message_dies_once unique (consumer, topic, partition, position),
  add constraint decision_is_known check (decision in ('replay', 'drop')),
  add constraint decision_has_a_time check ((decision is null) = (decided_at is null)),
  add constraint settled_letter_was_decided check (settled_at is null or decision is not null);

-- Letters from before this step: their messages are in the log.
update bus.dead_letter letter
   set message = said.event::text, event_id = said.event_id
  from bus.message said
 where said.topic = letter.topic and said.position = letter.position;

-- Until now later messages passed by, so all but the newest letter of a subject are history.
update bus.dead_letter letter
   set decision = 'drop', decided_at = now(), settled_at = now()
 where exists (select from bus.dead_letter later
                where later.consumer = letter.consumer and later.topic = letter.topic
                  and later.subject = letter.subject and later.position > letter.position);

-- By hash: a stranger's subject may be longer than an index entry.
create unique index subject_waits_for_one_letter
  on bus.dead_letter (consumer, topic, md5(subject)) where settled_at is null;

create table bus.parked (
  number      bigint      generated always as identity primary key,
  consumer    text        not null,
  topic       text        not null,
  subject     text        not null,
  partition   integer     not null,
  position    bigint      not null,
  message     text        not null,
  traceparent text,
  at          timestamptz not null default now(),
  constraint message_is_parked_once unique (consumer, topic, partition, position)
);
create index parked_by_subject on bus.parked (consumer, topic, md5(subject), number);

create function bus.check_parking() returns trigger language plpgsql as $$
begin
  if not exists (select from bus.dead_letter
                  where consumer = new.consumer and topic = new.topic and subject = new.subject
                    and settled_at is null) then
    raise exception 'a message is parked only behind an open dead letter of its subject' using errcode = '23514';
  end if;
  return new;
end $$;
create trigger parked_behind_a_letter before insert on bus.parked
  for each row execute function bus.check_parking();

create function bus.check_settling() returns trigger language plpgsql as $$
begin
  if exists (select from bus.parked
              where consumer = new.consumer and topic = new.topic and subject = new.subject)
     and not exists (select from bus.dead_letter
              where consumer = new.consumer and topic = new.topic and subject = new.subject
                and settled_at is null) then
    raise exception 'a letter is settled after all that is parked behind it' using errcode = '23514';
  end if;
  return null;
end $$;
-- At commit: a letter may give its place to the parked message that cannot be handled either.
create constraint trigger settled_after_the_parked after update on bus.dead_letter
  deferrable initially deferred for each row when (new.settled_at is not null) execute function bus.check_settling();

grant update (reason, decision, decided_at, settled_at) on bus.dead_letter to stuiver_bus;
grant select, insert, delete on bus.parked to stuiver_bus;
