-- Invariant P11: what a bank line cost or brought us is written off when two people agreed to this line, this amount and
-- this reason; nobody writes off a line otherwise.
create table payout.write_off (
  id               text        primary key,
  bank_line_id     text        not null references payout.bank_line (id),
  state            text        not null check (state in ('asked', 'approved', 'refused', 'withdrawn')),
  reason           text        not null check (reason in ('bank-fee', 'interest', 'tolerance', 'bad-debt', 'unidentified',
    'own-funds')),
  note             text        not null check (length(note) between 1 and 500 and btrim(note) <> ''),
  -- The line's own, and of all this: what the second person agrees to. Written here.
  amount_minor     bigint      not null,
  currency         char(3)     not null,
  details_sha256   text        not null,
  asked_by         text        not null,
  asked_by_name    text,
  asked_at         timestamptz not null,
  approved_by      text,
  approved_by_name text,
  approved_at      timestamptz,
  -- Who refused or withdrew it.
  ended_by         text,
  ended_by_name    text,
  ended_at         timestamptz,
  constraint asker_is_a_plain_name check (asked_by !~ '^\s|\s$|[[:cntrl:]]' and payout.person(asked_by) <> ''),
  constraint asker_does_not_approve check
    (approved_at is null or payout.person(approved_by) is distinct from payout.person(asked_by)),
  constraint approved_by_somebody check
    ((state = 'approved') = (approved_at is not null) and (approved_at is null) = (approved_by is null)),
  constraint over_has_an_end check ((state in ('refused', 'withdrawn')) = (ended_at is not null)
    and (ended_at is null) = (ended_by is null))
);
create unique index a_line_is_written_off_once on payout.write_off (bank_line_id) where state in ('asked', 'approved');
create index write_off_that_waits on payout.write_off (id desc) where state = 'asked';

alter table payout.approval drop constraint approval_what_check;
alter table payout.approval add constraint approval_what_check
  check (what in ('batch', 'prefunding', 'payee-change', 'month-close', 'write-off'));

-- What waits for an approval, who made it, what is to be agreed to, and what was in the tables.
create function payout.subject_of_approval(what text, subject text)
returns table (maker text, hash text, content_sha256 text) language plpgsql as $$
begin
  if what in ('batch', 'prefunding') then
    return query select b.maker, b.file_sha256, payout.content_of_batch(b.id) from payout.batch b
      where b.id = subject and b.state = 'prepared' for share;
  elsif what = 'payee-change' then
    return query select c.asked_by, c.details_sha256, c.details_sha256 from payout.payee_change c
      where c.id = subject and c.state = 'asked' for share;
  elsif what = 'month-close' then
    return query select m.maker, m.sha256, m.sha256 from payout.month_close m
      where m.month = subject and m.state = 'prepared' for share;
  elsif what = 'write-off' then
    return query select w.asked_by, w.details_sha256, w.details_sha256 from payout.write_off w
      where w.id = subject and w.state = 'asked' for share;
  end if;
end $$;

create or replace function payout.approval_knows_what() returns trigger language plpgsql as $$
declare
  found_subject record;
  hours integer;
begin
  select s.maker, s.hash, s.content_sha256 into found_subject
    from payout.subject_of_approval(new.what, new.subject_id) s;
  if found_subject.maker is null then
    raise exception '% waits for no approval', new.subject_id using errcode = 'PO003';
  end if;
  new.maker := found_subject.maker;
  new.content_sha256 := found_subject.content_sha256;
  if new.hash <> found_subject.hash then
    raise exception 'the approval of % names something else', new.subject_id using errcode = 'PO002';
  end if;
  select f.approval_hours into strict hours from payout.four_eyes f;
  if new.expires_at > new.given_at + make_interval(hours => hours) then
    raise exception 'an approval stands for % hours at most', hours using errcode = 'PO008';
  end if;
  return new;
end $$;

create function payout.write_off_moves_on() returns trigger language plpgsql as $$
declare
  moving constant text[] := array['state', 'approved_by', 'approved_by_name', 'approved_at', 'ended_by', 'ended_by_name', 'ended_at'];
  line payout.bank_line;
begin
  if tg_op = 'INSERT' then
    select l.* into strict line from payout.bank_line l where l.id = new.bank_line_id for share;
    if new.state <> 'asked' or line.state <> 'open' then
      raise exception 'line % is not open to be written off', new.bank_line_id using errcode = 'PO003';
    end if;
    new.amount_minor := line.amount_minor;
    new.currency := line.currency;
    new.details_sha256 := encode(sha256(convert_to(jsonb_build_array(new.id, new.bank_line_id, new.amount_minor::text,
      new.currency, new.reason, new.note)::text, 'UTF8')), 'hex');
    return new;
  end if;
  if to_jsonb(new) - moving is distinct from to_jsonb(old) - moving then
    raise exception 'the write-off % was asked for as it is', old.id using errcode = 'PO002';
  end if;
  if (old.state, new.state) not in (('asked', 'approved'), ('asked', 'refused'), ('asked', 'withdrawn')) then
    raise exception 'the write-off % does not go from % to %', old.id, old.state, new.state using errcode = 'PO003';
  end if;
  if new.state = 'approved' and not exists (select 1 from payout.approval a
      where a.what = 'write-off' and a.subject_id = new.id and a.hash = new.details_sha256
        and payout.person(a.checker) = payout.person(new.approved_by)
        and a.given_at <= new.approved_at and a.expires_at > new.approved_at) then
    raise exception 'nobody agreed to the write-off %', old.id using errcode = 'PO008';
  end if;
  return new;
end $$;
create trigger write_off_moves_on before insert or update on payout.write_off
  for each row execute function payout.write_off_moves_on();

create function payout.write_off_stays() returns trigger language plpgsql as $$
begin
  raise exception 'what was written off stays on record' using errcode = 'PO002';
end $$;
create trigger write_off_stays before delete or truncate on payout.write_off
  for each statement execute function payout.write_off_stays();

-- A line is matched with its write-off, and booked as one, only when it is approved.
create function payout.written_off_is_agreed_to() returns trigger language plpgsql as $$
begin
  if new.rule = 'written-off' and (new.psp_payout_id is not null or not exists (select 1 from payout.write_off w
      where w.bank_line_id = new.bank_line_id and w.state = 'approved')) then
    raise exception 'nobody agreed to write off line %', new.bank_line_id using errcode = 'PO008';
  end if;
  return new;
end $$;
create trigger written_off_is_agreed_to before insert or update on payout.bank_match
  for each row execute function payout.written_off_is_agreed_to();

create function payout.write_off_is_booked_as_agreed() returns trigger language plpgsql as $$
begin
  if new.content->>'kind' = 'bank-line-written-off' and not exists (select 1 from payout.write_off w
      where w.bank_line_id = new.bank_line_id and w.state = 'approved' and w.reason = new.content->>'reason'
        and abs(w.amount_minor)::text = new.content->>'amountMinor' and w.currency = new.content->>'currency'
        and case when w.amount_minor < 0 then 'out' else 'in' end = new.content->>'direction') then
    raise exception 'nobody agreed to book this of line %', new.bank_line_id using errcode = 'PO008';
  end if;
  return new;
end $$;
create trigger write_off_is_booked_as_agreed before insert on payout.recorded_command
  for each row execute function payout.write_off_is_booked_as_agreed();

grant select on payout.write_off to stuiver_payout;
grant insert (id, bank_line_id, state, reason, note, asked_by, asked_by_name, asked_at) on payout.write_off to stuiver_payout;
grant update (state, approved_by, approved_by_name, approved_at, ended_by, ended_by_name, ended_at)
  on payout.write_off to stuiver_payout;
