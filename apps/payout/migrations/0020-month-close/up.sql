-- Invariant P10: two people close a month, both having seen the same trial balance; what they agreed to, what was open
-- then and how the month ended stays on record.
create table payout.month_close (
  month               text        primary key check (month ~ '^\d{4}-(0[1-9]|1[0-2])$'),
  state               text        not null check (state in ('prepared', 'closing', 'closed')),
  -- The file that both look at, and its hash; written here.
  trial_balance       text        not null check (trial_balance <> ''),
  sha256              text        not null,
  -- What was open when it was prepared.
  findings            text[]      not null,
  -- Why it may be closed nevertheless.
  note                text        check (length(note) between 1 and 500 and btrim(note) <> ''),
  maker               text        not null,
  maker_name          text,
  prepared_at         timestamptz not null,
  checker             text,
  checker_name        text,
  agreed_at           timestamptz,
  -- As the books stand once nothing can take effect in it any more.
  final_trial_balance text,
  final_sha256        text,
  closed_at           timestamptz,
  constraint maker_is_a_plain_name check (maker !~ '^\s|\s$|[[:cntrl:]]' and payout.person(maker) <> ''),
  constraint maker_is_not_checker check (checker is null or payout.person(checker) <> payout.person(maker)),
  constraint what_is_open_is_explained check (findings = '{}' or note is not null),
  constraint agreed_by_somebody check ((agreed_at is null) = (checker is null) and (state = 'prepared') = (agreed_at is null)),
  constraint closed_with_its_figures check ((state = 'closed') = (closed_at is not null)
    and (closed_at is null) = (final_trial_balance is null) and (closed_at is null) = (final_sha256 is null))
);

-- Approvals of a month's end stand beside the others.
alter table payout.approval drop constraint approval_what_check;
alter table payout.approval add constraint approval_what_check
  check (what in ('batch', 'prefunding', 'payee-change', 'month-close'));

create or replace function payout.approval_knows_what() returns trigger language plpgsql as $$
declare
  of_batch payout.batch;
  of_change payout.payee_change;
  of_month payout.month_close;
  hours integer;
begin
  if new.what in ('batch', 'prefunding') then
    select b.* into of_batch from payout.batch b where b.id = new.subject_id for share;
    if of_batch.state is distinct from 'prepared' then
      raise exception '% waits for no approval', new.subject_id using errcode = 'PO003';
    end if;
    new.maker := of_batch.maker;
    new.content_sha256 := payout.content_of_batch(new.subject_id);
  elsif new.what = 'payee-change' then
    select c.* into of_change from payout.payee_change c where c.id = new.subject_id for share;
    if of_change.state is distinct from 'asked' then
      raise exception '% waits for no approval', new.subject_id using errcode = 'PO003';
    end if;
    new.maker := of_change.asked_by;
    new.content_sha256 := of_change.details_sha256;
  else
    select m.* into of_month from payout.month_close m where m.month = new.subject_id for share;
    if of_month.state is distinct from 'prepared' then
      raise exception '% waits for no approval', new.subject_id using errcode = 'PO003';
    end if;
    new.maker := of_month.maker;
    new.content_sha256 := of_month.sha256;
  end if;
  if new.hash <> coalesce(of_batch.file_sha256, of_change.details_sha256, of_month.sha256) then
    raise exception 'the approval of % names something else', new.subject_id using errcode = 'PO002';
  end if;
  select f.approval_hours into strict hours from payout.four_eyes f;
  if new.expires_at > new.given_at + make_interval(hours => hours) then
    raise exception 'an approval stands for % hours at most', hours using errcode = 'PO008';
  end if;
  return new;
end $$;

create function payout.month_close_moves_on() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' and new.state <> 'prepared' then
    raise exception 'the end of % begins prepared', new.month using errcode = 'PO003';
  end if;
  if tg_op = 'UPDATE' and (new.month <> old.month or (old.state, new.state) not in
      (('prepared', 'prepared'), ('prepared', 'closing'), ('closing', 'closed'))) then
    raise exception 'the end of % does not go from % to %', old.month, old.state, new.state using errcode = 'PO003';
  end if;
  if new.state = 'prepared' then
    new.sha256 := encode(sha256(convert_to(new.trial_balance, 'UTF8')), 'hex');
    return new;
  end if;
  if (new.trial_balance, new.sha256, new.findings, new.note, new.maker, new.maker_name, new.prepared_at)
      is distinct from (old.trial_balance, old.sha256, old.findings, old.note, old.maker, old.maker_name, old.prepared_at)
     or (old.state = 'closing' and (new.checker, new.checker_name, new.agreed_at)
      is distinct from (old.checker, old.checker_name, old.agreed_at)) then
    raise exception 'the end of % was agreed to as it is', old.month using errcode = 'PO002';
  end if;
  if old.state = 'prepared' and not exists (select 1 from payout.approval a
      where a.what = 'month-close' and a.subject_id = new.month and a.hash = new.sha256
        and payout.person(a.checker) = payout.person(new.checker)
        and payout.person(a.checker) <> payout.person(new.maker)
        and a.given_at <= new.agreed_at and a.expires_at > new.agreed_at) then
    raise exception 'nobody agreed to the end of %', new.month using errcode = 'PO008';
  end if;
  if new.state = 'closed' then
    new.final_sha256 := encode(sha256(convert_to(new.final_trial_balance, 'UTF8')), 'hex');
  end if;
  return new;
end $$;
create trigger month_close_moves_on before insert or update on payout.month_close
  for each row execute function payout.month_close_moves_on();

create function payout.month_close_stays() returns trigger language plpgsql as $$
begin
  raise exception 'how a month ended stays on record' using errcode = 'PO002';
end $$;
create trigger month_close_stays before delete or truncate on payout.month_close
  for each statement execute function payout.month_close_stays();

grant select on payout.month_close to stuiver_payout;
grant insert (month, state, trial_balance, findings, note, maker, maker_name, prepared_at) on payout.month_close to stuiver_payout;
grant update (state, trial_balance, findings, note, maker, maker_name, prepared_at, checker, checker_name, agreed_at,
  final_trial_balance, closed_at) on payout.month_close to stuiver_payout;
