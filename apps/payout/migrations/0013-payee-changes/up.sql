-- Invariant P7: where a merchant is paid changes by two people and after a wait, and what it was stays on record. One
-- person asks, another agrees to exactly these details; until they are used nobody is paid for this merchant.
alter table payout.four_eyes
  add column cool_off_hours   integer not null default 24 check (cool_off_hours between 0 and 720),
  add column payee_asked_days integer not null default 14 check (payee_asked_days between 1 and 90);

create table payout.payee_change (
  id              text        primary key,
  merchant_id     text        not null,
  state           text        not null check (state in ('asked', 'approved', 'in-use', 'refused', 'withdrawn', 'expired')),
  name_sealed     bytea       not null,
  iban_sealed     bytea       not null,
  iban_last4      text        not null,
  -- Of the merchant and what is sealed: what the second person agrees to. Written here.
  details_sha256  text        not null,
  asked_by        text        not null,
  asked_by_name   text,
  asked_at        timestamptz not null,
  -- Nobody agreed until then: it is over.
  expires_at      timestamptz not null check (expires_at > asked_at),
  approved_by     text,
  approved_by_name text,
  approved_at     timestamptz,
  use_from        timestamptz,
  -- Verification of Payee: does the name fit the account (RCVC yes, RVMC nearly, RVNA not known)? RVNM is no reason to agree.
  payee_check     text        check (payee_check in ('RCVC', 'RVMC', 'RVNA')),
  ended_at        timestamptz,
  -- Who refused or withdrew it.
  ended_by        text,
  ended_by_name   text,
  constraint asker_is_a_plain_name check (asked_by !~ '^\s|\s$|[[:cntrl:]]' and payout.person(asked_by) <> ''),
  constraint asker_does_not_approve check
    (approved_at is null or payout.person(approved_by) is distinct from payout.person(asked_by)),
  constraint approval_says_from_when check ((approved_at is null) = (use_from is null)
    and (approved_at is null) = (payee_check is null) and (approved_at is null) = (approved_by is null)
    and (state not in ('approved', 'in-use') or approved_at is not null)),
  constraint over_has_an_end check ((state in ('asked', 'approved')) = (ended_at is null))
);
create unique index one_change_of_a_payee_is_open on payout.payee_change (merchant_id) where state in ('asked', 'approved');
create index payee_change_of_merchant on payout.payee_change (merchant_id, id desc);

alter table payout.payee add column change_id text references payout.payee_change (id);

-- What a payee was before. Written when it changes, by nobody else.
create table payout.past_payee (
  id          bigint      generated always as identity primary key,
  merchant_id text        not null,
  name_sealed bytea       not null,
  iban_sealed bytea       not null,
  iban_last4  text        not null,
  since       timestamptz not null,
  until       timestamptz not null,
  change_id   text
);
create index past_payee_of_merchant on payout.past_payee (merchant_id, id desc);

create function payout.payee_change_moves_on() returns trigger language plpgsql as $$
declare
  moving constant text[] := array['state', 'approved_by', 'approved_by_name', 'approved_at', 'use_from', 'payee_check',
    'ended_at', 'ended_by', 'ended_by_name'];
  hours integer;
begin
  if tg_op = 'INSERT' then
    if new.state <> 'asked' or new.approved_at is not null then
      raise exception 'the change % begins asked', new.id using errcode = 'PO003';
    end if;
    new.details_sha256 := encode(sha256(convert_to(jsonb_build_array(new.merchant_id, encode(new.name_sealed, 'hex'),
      encode(new.iban_sealed, 'hex'))::text, 'UTF8')), 'hex');
    return new;
  end if;
  if to_jsonb(new) - moving is distinct from to_jsonb(old) - moving
     or (old.approved_at is not null and (new.approved_by, new.approved_at, new.use_from, new.payee_check)
         is distinct from (old.approved_by, old.approved_at, old.use_from, old.payee_check)) then
    raise exception 'the change % was asked for as it is', old.id using errcode = 'PO002';
  end if;
  if new.state <> old.state and (old.state, new.state) not in
      (('asked', 'approved'), ('asked', 'refused'), ('asked', 'withdrawn'), ('asked', 'expired'),
       ('approved', 'in-use'), ('approved', 'refused'), ('approved', 'withdrawn')) then
    raise exception 'the change % does not go from % to %', old.id, old.state, new.state using errcode = 'PO003';
  end if;
  if old.state = 'asked' and new.state = 'approved' then
    select f.cool_off_hours into strict hours from payout.four_eyes f;
    if not exists (select 1 from payout.payee p where p.merchant_id = new.merchant_id) then
      hours := 0;
    end if;
    if new.use_from < new.approved_at + make_interval(hours => hours) or new.approved_at >= new.expires_at then
      raise exception 'the change % is used % hours after it was approved', old.id, hours using errcode = 'PO008';
    end if;
    if not exists (select 1 from payout.approval a
        where a.what = 'payee-change' and a.subject_id = new.id and a.hash = new.details_sha256
          and payout.person(a.checker) = payout.person(new.approved_by)
          and a.given_at <= new.approved_at and a.expires_at > new.approved_at) then
      raise exception 'nobody agreed to the change %', old.id using errcode = 'PO008';
    end if;
  end if;
  if old.state = 'approved' and new.state = 'in-use' and not exists
      (select 1 from payout.payee p where p.merchant_id = new.merchant_id and p.change_id = new.id) then
    raise exception 'the change % is not the payee', old.id using errcode = 'PO003';
  end if;
  return new;
end $$;
create trigger payee_change_moves_on before insert or update on payout.payee_change
  for each row execute function payout.payee_change_moves_on();

-- A payee is what two people agreed to, once its time has come.
create function payout.payee_is_agreed_to() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and (new.merchant_id, new.name_sealed, new.iban_sealed, new.iban_last4, new.change_id, new.changed_at)
     is not distinct from (old.merchant_id, old.name_sealed, old.iban_sealed, old.iban_last4, old.change_id, old.changed_at) then
    return new;
  end if;
  if not exists (select 1 from payout.payee_change c
      where c.id = new.change_id and c.merchant_id = new.merchant_id and c.state = 'approved'
        and c.use_from <= new.changed_at
        and (c.name_sealed, c.iban_sealed, c.iban_last4) = (new.name_sealed, new.iban_sealed, new.iban_last4)) then
    raise exception 'nobody agreed to this payee of %', new.merchant_id using errcode = 'PO008';
  end if;
  return new;
end $$;
create trigger payee_is_agreed_to before insert or update on payout.payee
  for each row execute function payout.payee_is_agreed_to();

create function payout.payee_goes_on_record() returns trigger language plpgsql
security definer set search_path = pg_catalog, pg_temp as $$
begin
  if (new.name_sealed, new.iban_sealed) is distinct from (old.name_sealed, old.iban_sealed) then
    insert into payout.past_payee (merchant_id, name_sealed, iban_sealed, iban_last4, since, until, change_id)
    values (old.merchant_id, old.name_sealed, old.iban_sealed, old.iban_last4, old.changed_at, new.changed_at, old.change_id);
  end if;
  return null;
end $$;
create trigger payee_goes_on_record after update on payout.payee
  for each row execute function payout.payee_goes_on_record();

create function payout.past_payee_stays() returns trigger language plpgsql as $$
begin
  raise exception 'who was paid stays on record' using errcode = 'PO002';
end $$;
create trigger past_payee_stays before update or delete or truncate on payout.past_payee
  for each statement execute function payout.past_payee_stays();
create trigger payee_change_stays before delete or truncate on payout.payee_change
  for each statement execute function payout.past_payee_stays();

-- Nobody is paid for a merchant whose payee is changing: not by a new payout, and not by a batch that waits.
create function payout.nobody_is_paid_meanwhile() returns trigger language plpgsql as $$
declare
  held text;
begin
  if tg_table_name = 'payout' then
    select c.merchant_id into held from payout.payee_change c
     where c.merchant_id = new.merchant_id and c.state in ('asked', 'approved');
  elsif old.state = 'prepared' and new.state = 'approving' then
    select c.merchant_id into held from payout.payee_change c join payout.payout p on p.merchant_id = c.merchant_id
     where p.batch_id = new.id and c.state in ('asked', 'approved') limit 1;
  end if;
  if held is not null then
    raise exception 'the payee of % is changing', held using errcode = 'PO009';
  end if;
  return new;
end $$;
create trigger nobody_is_paid_meanwhile before insert on payout.payout
  for each row execute function payout.nobody_is_paid_meanwhile();
create trigger nobody_is_paid_meanwhile before update of state on payout.batch
  for each row execute function payout.nobody_is_paid_meanwhile();

-- Approvals of a payee's change stand beside those of batches.
alter table payout.approval drop constraint approval_what_check;
alter table payout.approval add constraint approval_what_check check (what in ('batch', 'payee-change'));

create or replace function payout.approval_knows_what() returns trigger language plpgsql as $$
declare
  of_batch payout.batch;
  of_change payout.payee_change;
  hours integer;
begin
  if new.what = 'batch' then
    select b.* into of_batch from payout.batch b where b.id = new.subject_id for share;
    if of_batch.state is distinct from 'prepared' then
      raise exception '% waits for no approval', new.subject_id using errcode = 'PO003';
    end if;
    new.maker := of_batch.maker;
    new.content_sha256 := payout.content_of_batch(new.subject_id);
  else
    select c.* into of_change from payout.payee_change c where c.id = new.subject_id for share;
    if of_change.state is distinct from 'asked' then
      raise exception '% waits for no approval', new.subject_id using errcode = 'PO003';
    end if;
    new.maker := of_change.asked_by;
    new.content_sha256 := of_change.details_sha256;
  end if;
  if new.hash <> coalesce(of_batch.file_sha256, of_change.details_sha256) then
    raise exception 'the approval of % names something else', new.subject_id using errcode = 'PO002';
  end if;
  select f.approval_hours into strict hours from payout.four_eyes f;
  if new.expires_at > new.given_at + make_interval(hours => hours) then
    raise exception 'an approval stands for % hours at most', hours using errcode = 'PO008';
  end if;
  return new;
end $$;

grant select on payout.payee_change, payout.past_payee to stuiver_payout;
grant insert (id, merchant_id, state, name_sealed, iban_sealed, iban_last4, asked_by, asked_by_name, asked_at, expires_at)
  on payout.payee_change to stuiver_payout;
grant update (state, approved_by, approved_by_name, approved_at, use_from, payee_check, ended_at, ended_by, ended_by_name)
  on payout.payee_change to stuiver_payout;
grant update (change_id) on payout.payee to stuiver_payout;
