-- Invariant P2: two people agree, and what they agreed to does not change; above an amount, three do. Nothing here can
-- be loosened with the service's own role. docs/adr/0018-four-eyes.md says why.

-- How a name is compared: `folded` of apps/payout/src/domain/person.ts does the same. Signs that nobody sees are no name.
create function payout.person(name text) returns text language sql immutable parallel safe
set search_path = pg_catalog, pg_temp as $$
  select lower(btrim(regexp_replace(normalize(name, NFKC),
    '[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]', '', 'g')))
$$;
alter table payout.batch drop constraint maker_is_not_checker;
alter table payout.batch add constraint maker_is_not_checker
  check (checker is null or payout.person(checker) <> payout.person(maker));

-- How long things wait. The owner of the database changes it; the service's role reads it.
create table payout.four_eyes (
  only_one          boolean primary key default true check (only_one),
  approval_hours    integer not null default 72 check (approval_hours between 1 and 720)
);
insert into payout.four_eyes default values;

-- A batch of more than this needs two checkers. A currency that is not here needs two for every amount.
create table payout.approval_tier (
  currency    char(3) primary key,
  above_minor bigint  not null check (above_minor >= 0)
);
insert into payout.approval_tier (currency, above_minor) values ('EUR', 10000000);

-- Who agreed to what, until when. Never changed, never deleted.
create table payout.approval (
  id             bigint      generated always as identity primary key,
  what           text        not null check (what in ('batch')),
  subject_id     text        not null,
  -- What the person saw: the hash of the batch's file.
  hash           text        not null check (hash ~ '^[0-9a-f]{64}$'),
  -- What was in the tables then; written here, not by whoever asks.
  content_sha256 text        not null check (content_sha256 ~ '^[0-9a-f]{64}$'),
  maker          text        not null,
  checker        text        not null,
  checker_name   text,
  given_at       timestamptz not null,
  expires_at     timestamptz not null check (expires_at > given_at),
  constraint approval_is_another_persons check (payout.person(checker) <> payout.person(maker)),
  constraint checker_is_a_plain_name check (checker !~ '^\s|\s$|[[:cntrl:]]' and payout.person(checker) <> '')
);
create index approval_of_subject on payout.approval (subject_id, what, id);

-- Everything that a batch's payouts say. A byte more or less is another batch.
create function payout.content_of_batch(batch text) returns text language sql stable
set search_path = pg_catalog, pg_temp as $$
  select encode(sha256(convert_to(coalesce(string_agg(jsonb_build_array(p.id, p.settlement_id, p.merchant_id,
      p.amount_minor::text, p.currency, p.end_to_end_id, p.remittance,
      encode(p.payee_name_sealed, 'hex'), encode(p.payee_iban_sealed, 'hex'))::text, E'\n' order by p.id), ''),
    'UTF8')), 'hex')
    from payout.payout p where p.batch_id = batch
$$;

-- How many people besides the maker a batch needs.
create function payout.checkers_needed(batch text) returns integer language sql stable
set search_path = pg_catalog, pg_temp as $$
  select case when exists (
    select 1 from payout.payout p left join payout.approval_tier t on t.currency = p.currency
     where p.batch_id = batch group by p.currency
    having sum(p.amount_minor) > coalesce(max(t.above_minor), 0)) then 2 else 1 end
$$;

-- Those whose approval of exactly this batch stands at that moment, once each.
create function payout.checkers_of_batch(batch text, at timestamptz) returns setof text language sql stable
set search_path = pg_catalog, pg_temp as $$
  select distinct payout.person(a.checker)
    from payout.approval a join payout.batch b on b.id = a.subject_id
   where a.what = 'batch' and a.subject_id = batch and a.hash = b.file_sha256
     and a.content_sha256 = payout.content_of_batch(batch)
     and a.given_at <= at and a.expires_at > at and payout.person(a.checker) <> payout.person(b.maker)
$$;

create function payout.approval_knows_what() returns trigger language plpgsql as $$
declare
  of_batch payout.batch;
  hours integer;
begin
  select b.* into of_batch from payout.batch b where b.id = new.subject_id for share;
  if of_batch.state is distinct from 'prepared' then
    raise exception '% waits for no approval', new.subject_id using errcode = 'PO003';
  end if;
  if new.hash <> of_batch.file_sha256 then
    raise exception 'the approval of % names another file', new.subject_id using errcode = 'PO002';
  end if;
  select f.approval_hours into strict hours from payout.four_eyes f;
  if new.expires_at > new.given_at + make_interval(hours => hours) then
    raise exception 'an approval stands for % hours at most', hours using errcode = 'PO008';
  end if;
  new.maker := of_batch.maker;
  new.content_sha256 := payout.content_of_batch(new.subject_id);
  return new;
end $$;
create trigger approval_knows_what before insert on payout.approval
  for each row execute function payout.approval_knows_what();

create function payout.approval_stays() returns trigger language plpgsql as $$
begin
  raise exception 'who approved stays as it is' using errcode = 'PO002';
end $$;
create trigger approval_stays before update or delete or truncate on payout.approval
  for each statement execute function payout.approval_stays();

-- When enough people had agreed; their approvals stood at that moment.
alter table payout.batch add column approving_at timestamptz;

create function payout.enough_people_agreed() returns trigger language plpgsql as $$
declare
  checkers text[];
  needed integer;
begin
  if new.approving_at is distinct from old.approving_at and not (old.state = 'prepared' and new.state = 'approving') then
    raise exception 'batch % was approved when it was', old.id using errcode = 'PO002';
  end if;
  if old.state <> 'prepared' or new.state <> 'approving' then
    return new;
  end if;
  if new.approving_at is null then
    raise exception 'batch % is approved at a moment', old.id using errcode = 'PO008';
  end if;
  checkers := array(select payout.checkers_of_batch(new.id, new.approving_at));
  needed := payout.checkers_needed(new.id);
  if cardinality(checkers) < needed or (payout.person(new.checker) = any (checkers)) is not true then
    raise exception 'batch % needs % standing approvals, and has %', new.id, needed, cardinality(checkers)
      using errcode = 'PO008';
  end if;
  return new;
end $$;
-- After the check that the batch itself stays as it is: triggers run in the order of their names.
create trigger enough_people_agreed before update on payout.batch
  for each row execute function payout.enough_people_agreed();

-- A payout joins a batch that nobody works on yet, and moves when its batch has moved.
create function payout.payout_follows_its_batch() returns trigger language plpgsql as $$
declare
  batch_state text;
begin
  select b.state into batch_state from payout.batch b where b.id = new.batch_id for share;
  if tg_op = 'INSERT' then
    if batch_state <> 'prepared' then
      raise exception 'batch % is % and takes no payout', new.batch_id, batch_state using errcode = 'PO002';
    end if;
    return new;
  end if;
  if new.state in ('approved', 'exported', 'refused') and new.state <> old.state
     and not (batch_state = new.state or new.state = 'refused' and batch_state = 'discarded') then
    raise exception 'payout % does not go to % before batch %', new.id, new.state, new.batch_id using errcode = 'PO003';
  end if;
  return new;
end $$;
create trigger payout_follows_its_batch before insert or update of state on payout.payout
  for each row execute function payout.payout_follows_its_batch();

grant select on payout.four_eyes, payout.approval_tier, payout.approval to stuiver_payout;
-- Who made it and what is in it is looked up, not said.
grant insert (what, subject_id, hash, checker, checker_name, given_at, expires_at) on payout.approval to stuiver_payout;
grant update (approving_at) on payout.batch to stuiver_payout;
