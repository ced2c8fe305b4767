-- Invariant B9: a match that a person took back is kept with who, when and why; the line is open again and no rule
-- places it anew. What paid a merchant, or came back from one, stays matched: the merchant was told.
create table payout.past_match (
  bank_line_id  text        not null references payout.bank_line (id),
  -- How often the line had been matched before and taken back.
  round         integer     not null check (round >= 0),
  rule          text        not null,
  rule_version  integer     not null,
  explanation   text        not null,
  person        text,
  psp_payout_id text        not null,
  taken_back    boolean     not null,
  matched_at    timestamptz not null,
  unmatched_at  timestamptz not null,
  by_id         text        not null check (btrim(by_id) <> ''),
  by_name       text        not null check (btrim(by_name) <> ''),
  reason        text        not null check (length(reason) between 1 and 500 and btrim(reason) <> ''),
  primary key (bank_line_id, round)
);

-- Who and why is said; what the match was is looked up.
create function payout.past_match_is_the_match() returns trigger language plpgsql as $$
declare
  of_line payout.bank_match;
begin
  select m.* into of_line from payout.bank_match m where m.bank_line_id = new.bank_line_id;
  if of_line.psp_payout_id is null then
    raise exception 'line % is matched with no payout of the PSP', new.bank_line_id using errcode = 'PO003';
  end if;
  new.round := (select count(*) from payout.past_match p where p.bank_line_id = new.bank_line_id);
  new.rule := of_line.rule;
  new.rule_version := of_line.rule_version;
  new.explanation := of_line.explanation;
  new.person := of_line.person;
  new.psp_payout_id := of_line.psp_payout_id;
  new.taken_back := of_line.taken_back;
  new.matched_at := of_line.matched_at;
  return new;
end $$;
create trigger past_match_is_the_match before insert on payout.past_match
  for each row execute function payout.past_match_is_the_match();

create function payout.past_match_stays() returns trigger language plpgsql as $$
begin
  raise exception 'a match that was taken back stays on record' using errcode = 'PO002';
end $$;
create trigger past_match_stays before update or delete or truncate on payout.past_match
  for each statement execute function payout.past_match_stays();

-- A match goes only into that record, and takes its line with it.
create function payout.match_goes_on_record() returns trigger language plpgsql as $$
begin
  if not exists (select 1 from payout.past_match p
      where p.bank_line_id = old.bank_line_id and p.xmin = pg_current_xact_id()::xid) then
    raise exception 'the match of line % is taken back on record only', old.bank_line_id using errcode = 'PO002';
  end if;
  return old;
end $$;
create trigger match_goes_on_record before delete on payout.bank_match
  for each row execute function payout.match_goes_on_record();

create function payout.line_without_match_is_open() returns trigger language plpgsql as $$
begin
  if exists (select 1 from payout.bank_line l where l.id = old.bank_line_id and l.state = 'matched')
     and not exists (select 1 from payout.bank_match m where m.bank_line_id = old.bank_line_id) then
    raise exception 'line % is matched with nothing', old.bank_line_id using errcode = 'PO003';
  end if;
  return null;
end $$;
create constraint trigger line_without_match_is_open after delete on payout.bank_match
  deferrable initially deferred for each row execute function payout.line_without_match_is_open();

grant select on payout.past_match to stuiver_payout;
grant insert (bank_line_id, unmatched_at, by_id, by_name, reason) on payout.past_match to stuiver_payout;
grant delete on payout.bank_match to stuiver_payout;
