-- Invariant P8: a batch of more than the paying account has goes out only when another person of finance said, by name
-- and for exactly this batch, that it may. How much is missing is the service's to say: the books are the ledger's.
alter table payout.approval drop constraint approval_what_check;
alter table payout.approval add constraint approval_what_check check (what in ('batch', 'prefunding', 'payee-change'));

alter table payout.batch
  add column shortfall_minor bigint not null default 0 check (shortfall_minor >= 0),
  -- allowed: nobody is asked. approved: somebody must have agreed.
  add column prefunding      text   check (prefunding in ('allowed', 'approved')),
  add constraint missing_money_has_a_rule check (shortfall_minor = 0 or prefunding is not null);

create function payout.missing_money_is_agreed_to() returns trigger language plpgsql as $$
begin
  if (new.shortfall_minor, new.prefunding) is distinct from (old.shortfall_minor, old.prefunding)
     and not (old.state = 'prepared' and new.state = 'approving') then
    raise exception 'what batch % lacked is said with its approval', old.id using errcode = 'PO002';
  end if;
  if old.state = 'prepared' and new.state = 'approving' and new.shortfall_minor > 0 and new.prefunding = 'approved'
     and not exists (select 1 from payout.approval a
       where a.what = 'prefunding' and a.subject_id = new.id and a.hash = new.file_sha256
         and a.content_sha256 = payout.content_of_batch(new.id)
         and a.given_at <= new.approving_at and a.expires_at > new.approving_at
         and payout.person(a.checker) <> payout.person(new.maker)) then
    raise exception 'nobody agreed to prefund batch %', old.id using errcode = 'PO008';
  end if;
  return new;
end $$;
create trigger missing_money_is_agreed_to before update on payout.batch
  for each row execute function payout.missing_money_is_agreed_to();

create or replace function payout.approval_knows_what() returns trigger language plpgsql as $$
declare
  of_batch payout.batch;
  of_change payout.payee_change;
  hours integer;
begin
  if new.what in ('batch', 'prefunding') then
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

grant update (shortfall_minor, prefunding) on payout.batch to stuiver_payout;
