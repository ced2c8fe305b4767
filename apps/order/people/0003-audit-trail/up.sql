-- Invariant A14: what staff and operators do is on record with the change itself, in order, and cannot be changed unseen.
-- The same tables lie in every schema that staff change; docs/adr/0015-audit-trail.md says why.

-- Where the chain stands. One row: whoever appends holds it until their transaction ends, so nobody forks the chain.
create table people.audit_head (
  only_one boolean primary key default true check (only_one),
  -- Which chain this is; its first entry stands on a hash of this.
  id       uuid    not null,
  no       bigint  not null check (no >= 0),
  hash     text    not null check (hash ~ '^[0-9a-f]{64}$')
);

-- `before` and `after` are canonical JSON: keys in order, no blanks. Ids only: no name, no address of mail, no secret.
create table people.audit_entry (
  no            bigint      primary key check (no > 0),
  at            timestamptz not null,
  actor_kind    text        not null check (actor_kind in ('staff', 'operator', 'system')),
  actor_id      text        check (actor_id ~ '^[A-Za-z0-9_-]{1,64}$'),
  act           text        not null check (act ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  subject_kind  text        not null check (subject_kind ~ '^[a-z]+(-[a-z]+)*$'),
  subject_id    text        not null check (subject_id ~ '^[A-Za-z0-9_.:-]{1,128}$'),
  before        text        check (jsonb_typeof(before::jsonb) = 'object'),
  after         text        check (jsonb_typeof(after::jsonb) = 'object'),
  reason        text        check (length(reason) between 1 and 500),
  request_id    text        check (request_id ~ '^[A-Za-z0-9._~-]{1,128}$'),
  ip            text        check (ip ~ '^[0-9a-f.:]{2,45}$'),
  previous_hash text        not null check (previous_hash ~ '^[0-9a-f]{64}$'),
  -- SHA-256 of each column from `no` to `ip`, 64 hex digits each: what tells which of them was changed.
  digests       text        not null check (digests ~ '^([0-9a-f]{64}){12}$'),
  hash          text        not null check (hash ~ '^[0-9a-f]{64}$'),
  constraint staff_have_an_id check ((actor_kind = 'staff') = (actor_id is not null))
);
create index audit_entry_of_actor on people.audit_entry (actor_id, no desc) where actor_id is not null;
create index audit_entry_of_subject on people.audit_entry (subject_id, no desc);
create index audit_entry_by_time on people.audit_entry (at);

-- One text per value, its length in bytes before it: no two lists of values are the same text.
create function people.audit_sha256(variadic given text[]) returns text
language sql immutable parallel safe set search_path = pg_catalog, pg_temp as $$
  select encode(sha256(convert_to(
    string_agg(coalesce(octet_length(value) || ':' || value || ',', '-,'), '' order by place), 'UTF8')), 'hex')
    from unnest(given) with ordinality as u (value, place)
$$;

insert into people.audit_head (id, no, hash)
select made.id, 0, people.audit_sha256('stuiver.audit-genesis.v1', 'people', made.id::text)
  from (select gen_random_uuid() as id) as made;

-- Whoever inserts says what happened; number, place in the chain and hashes are written here. `canonical.ts` of
-- libs/audit writes the same.
create function people.chain_audit_entry() returns trigger language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
declare
  head people.audit_head;
begin
  select h.* into strict head from people.audit_head h for update;
  if new.no is not null and new.no <> head.no + 1 or new.previous_hash is not null and new.previous_hash <> head.hash then
    raise exception 'an audit entry stands on the one before' using errcode = 'AU001';
  end if;
  new.no := head.no + 1;
  new.previous_hash := head.hash;
  select string_agg(people.audit_sha256(name, value), '' order by place) into strict new.digests
    from (values
      (1, 'no', new.no::text),
      (2, 'at', to_char(new.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')),
      (3, 'actor_kind', new.actor_kind), (4, 'actor_id', new.actor_id), (5, 'act', new.act),
      (6, 'subject_kind', new.subject_kind), (7, 'subject_id', new.subject_id),
      (8, 'before', new.before), (9, 'after', new.after), (10, 'reason', new.reason),
      (11, 'request_id', new.request_id), (12, 'ip', new.ip)) as columns (place, name, value);
  new.hash := people.audit_sha256('stuiver.audit.v1', new.previous_hash, new.digests);
  update people.audit_head set no = new.no, hash = new.hash;
  return new;
end $$;
create trigger audit_entry_is_chained before insert on people.audit_entry
  for each row execute function people.chain_audit_entry();

create function people.audit_stays() returns trigger language plpgsql as $$
begin
  raise exception 'what is in the audit trail stays as it is' using errcode = 'AU002';
end $$;
create trigger audit_entry_stays before update or delete or truncate on people.audit_entry
  for each statement execute function people.audit_stays();
create trigger audit_head_stays before insert or delete or truncate on people.audit_head
  for each statement execute function people.audit_stays();

create function people.audit_head_moves_on() returns trigger language plpgsql as $$
begin
  if new.id <> old.id or new.no <> old.no + 1 then
    raise exception 'the audit trail moves on by one entry' using errcode = 'AU001';
  end if;
  return new;
end $$;
create trigger audit_head_moves_on before update on people.audit_head
  for each row execute function people.audit_head_moves_on();

grant select on people.audit_head, people.audit_entry to stuiver_people;
-- The service says what happened, and nothing of where it stands in the chain.
grant insert (at, actor_kind, actor_id, act, subject_kind, subject_id, before, after, reason, request_id, ip)
  on people.audit_entry to stuiver_people;
