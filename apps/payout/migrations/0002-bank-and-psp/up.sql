-- What the bank and the PSP tell, and the life of a payout after its file. Invariants P5 (an end of a payout is booked
-- and has its line), B1 (statements follow each other), B2 (a statement's lines are its balance), B3 (one cause, one
-- match), B4 (a PSP transaction is in the books by its parts).

-- Who makes and who approves is compared by id; a signed-in person also has a name to show.
alter table payout.batch add column maker_name text, add column checker_name text;

-- A payee whose bank sent money back is paid again when a person said that the account is right.
alter table payout.payee add column confirmed_at timestamptz;
update payout.payee set confirmed_at = changed_at;
alter table payout.payee alter column confirmed_at set not null;

-- A file as the bank gave it. Its content is sealed; its hash says whether it was here before.
create table payout.bank_file (
  sha256         text        primary key check (sha256 ~ '^[0-9a-f]{64}$'),
  content_sealed bytea       not null,
  byte_count     integer     not null,
  imported_by    text        not null,
  imported_at    timestamptz not null
);

create table payout.bank_statement (
  id                text        primary key,
  file_sha256       text        not null references payout.bank_file (sha256),
  bank              text        not null,
  iban              text        not null,
  bank_reference    text        not null,
  sequence          bigint,
  from_day          date        not null,
  to_day            date        not null,
  currency          char(3)     not null,
  opening_minor     bigint      not null,
  closing_minor     bigint      not null,
  lines_total_minor bigint      not null,
  line_count        integer     not null check (line_count >= 0),
  made_at           timestamptz not null,
  imported_at       timestamptz not null,
  constraint statement_has_days check (from_day <= to_day),
  constraint statement_adds_up check (closing_minor = opening_minor + lines_total_minor),
  constraint statement_day_is_imported_once unique (iban, to_day)
);
create index bank_statement_by_day on payout.bank_statement (iban, to_day desc);

create table payout.bank_line (
  id                     text    primary key,
  statement_id           text    not null references payout.bank_statement (id),
  no                     integer not null,
  -- opening: what was on the account before the first statement; it is on the books like a line, and not in the sum.
  kind                   text    not null check (kind in ('entry', 'opening')),
  amount_minor           bigint  not null check (amount_minor <> 0),
  currency               char(3) not null,
  booked_on              date    not null,
  end_to_end_id          text,
  payment_information_id text,
  -- How many transactions of a batch the line is; null when the bank did not say.
  transaction_count      integer,
  return_reason          text,
  details_sealed         bytea   not null,
  -- new: no rule looked at it yet. open: none placed it.
  state                  text    not null check (state in ('new', 'open', 'matched')),
  problem                text,
  constraint line_stands_once unique (statement_id, no)
);
create index bank_line_to_match on payout.bank_line (id) where state <> 'matched';

-- Which rule said what a line is, or who did. One match of a line, and one line of a PSP payout.
create table payout.bank_match (
  bank_line_id  text        primary key references payout.bank_line (id),
  rule          text        not null,
  rule_version  integer     not null,
  explanation   text        not null,
  person        text,
  psp_payout_id text        constraint psp_payout_arrives_once unique,
  matched_at    timestamptz not null
);

-- Every booking that follows from the bank or the PSP: written down before the ledger is asked, done when it answered.
create table payout.recorded_command (
  seq            bigint      generated always as identity unique,
  command_id     uuid        primary key,
  content        jsonb       not null,
  bank_line_id   text        references payout.bank_line (id),
  psp_transaction_id text,
  payout_id      text        references payout.payout (id),
  -- Where the payout goes when this is booked.
  to_state       text        check (to_state in ('settled', 'rejected', 'returned')),
  reason_code    text,
  -- What it moves on bank:{ours} and on psp:{psp}:transit, signed.
  bank_minor     bigint      not null,
  transit_minor  bigint      not null,
  recorded_at    timestamptz not null,
  booked_at      timestamptz,
  problem        text,
  constraint payout_goes_somewhere check ((payout_id is null) = (to_state is null)),
  constraint sent_back_says_why check (to_state is null or (to_state in ('rejected', 'returned')) = (reason_code is not null)),
  constraint payout_enters_a_state_once unique (payout_id, to_state)
);
create unique index payout_is_paid_or_rejected on payout.recorded_command (payout_id) where to_state in ('settled', 'rejected');
create index recorded_command_to_book on payout.recorded_command (seq) where booked_at is null and problem is null;
create index recorded_command_of_line on payout.recorded_command (bank_line_id) where bank_line_id is not null;

-- The life of a payout after its file.
alter table payout.payout drop constraint payout_state_check;
alter table payout.payout
  add column settled_line  text references payout.bank_line (id),
  add column returned_line text references payout.bank_line (id),
  add column reason_code   text check (length(reason_code) between 1 and 35),
  add column ended_at      timestamptz,
  add constraint payout_state_is_known check
    (state in ('prepared', 'approved', 'exported', 'settled', 'rejected', 'returned', 'refused')),
  add constraint paid_payout_has_its_line check ((state in ('settled', 'returned')) = (settled_line is not null)),
  add constraint returned_payout_has_its_line check ((state = 'returned') = (returned_line is not null)),
  add constraint payout_that_came_back_says_why check ((state in ('rejected', 'returned')) = (reason_code is not null));
create index payout_in_flight on payout.payout (id) where state = 'exported';
create index payout_that_came_back on payout.payout (merchant_id, ended_at) where state in ('rejected', 'returned');
-- What the bank did not pay, or paid and got back, may be paid again.
drop index payout.settlement_is_paid_out_once;
create unique index settlement_is_paid_out_once on payout.payout (settlement_id)
  where state not in ('refused', 'rejected', 'returned');

create or replace function payout.payout_only_moves_forward() returns trigger language plpgsql as $$
declare
  moving constant text[] := array['state', 'refusal', 'settled_line', 'returned_line', 'reason_code', 'ended_at'];
begin
  if tg_op = 'INSERT' then
    if new.state <> 'prepared' then
      raise exception 'payout % begins prepared', new.id using errcode = 'PO003';
    end if;
    return new;
  end if;
  if to_jsonb(new) - moving is distinct from to_jsonb(old) - moving
     or (old.settled_line is not null and new.settled_line is distinct from old.settled_line) then
    raise exception 'payout % is in a file as it is', old.id using errcode = 'PO002';
  end if;
  if new.state = old.state then
    if (new.settled_line, new.returned_line, new.reason_code, new.ended_at) is distinct from
       (old.settled_line, old.returned_line, old.reason_code, old.ended_at) then
      raise exception 'payout % says how it ended once', old.id using errcode = 'PO002';
    end if;
    return new;
  end if;
  if (old.state, new.state) not in
      (('prepared', 'approved'), ('prepared', 'refused'), ('approved', 'exported'),
       ('exported', 'settled'), ('exported', 'rejected'), ('settled', 'returned')) then
    raise exception 'payout % does not go from % to %', old.id, old.state, new.state using errcode = 'PO003';
  end if;
  -- P5: the ledger agreed first.
  if new.state in ('settled', 'rejected', 'returned') and not exists
      (select 1 from payout.recorded_command c
        where c.payout_id = new.id and c.to_state = new.state and c.booked_at is not null) then
    raise exception 'payout % is not booked as %', old.id, new.state using errcode = 'PO004';
  end if;
  return new;
end $$;

create or replace function payout.approval_binds_the_file() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    if new.state <> 'prepared' then
      raise exception 'batch % begins prepared', new.id using errcode = 'PO003';
    end if;
    return new;
  end if;
  if (new.id, new.file_sha256, new.maker, new.maker_name, new.execution_date, new.created_at) is distinct from
     (old.id, old.file_sha256, old.maker, old.maker_name, old.execution_date, old.created_at)
     or (old.checker is not null
         and (new.checker, new.checker_name) is distinct from (old.checker, old.checker_name)) then
    raise exception 'batch % was approved as it is', old.id using errcode = 'PO002';
  end if;
  if new.state <> old.state and (old.state, new.state) not in
      (('prepared', 'approving'), ('prepared', 'discarded'), ('approving', 'approved'), ('approving', 'refused'),
       ('approved', 'exported')) then
    raise exception 'batch % does not go from % to %', old.id, old.state, new.state using errcode = 'PO003';
  end if;
  return new;
end $$;

-- B1: a statement begins where the last one ended, in days, in money and in number.
create function payout.statement_follows_the_last() returns trigger language plpgsql as $$
declare
  last record;
begin
  select id, to_day, closing_minor, sequence into last from payout.bank_statement where iban = new.iban order by to_day desc limit 1;
  if found and (new.from_day <= last.to_day or new.opening_minor <> last.closing_minor or
      (new.sequence <> last.sequence + 1
        and not (new.sequence = 1 and extract(year from new.to_day) > extract(year from last.to_day)))) then
    raise exception 'statement % does not follow %', new.id, last.id using errcode = 'PO005';
  end if;
  return new;
end $$;
create trigger statement_follows_the_last before insert on payout.bank_statement
  for each row execute function payout.statement_follows_the_last();

-- B2: looked at when the transaction commits, with all lines there.
create function payout.statement_has_its_lines() returns trigger language plpgsql as $$
begin
  if (select (count(*), coalesce(sum(amount_minor), 0)::bigint) from payout.bank_line
       where statement_id = new.id and kind = 'entry') is distinct from (new.line_count::bigint, new.lines_total_minor) then
    raise exception 'statement % has not its lines', new.id using errcode = 'PO006';
  end if;
  return null;
end $$;
create constraint trigger statement_has_its_lines after insert on payout.bank_statement
  deferrable initially deferred for each row execute function payout.statement_has_its_lines();

create function payout.line_comes_with_its_statement() returns trigger language plpgsql as $$
begin
  if not exists (select 1 from payout.bank_statement s where s.id = new.statement_id and s.xmin = pg_current_xact_id()::xid) then
    raise exception 'line % comes after its statement', new.id using errcode = 'PO006';
  end if;
  return new;
end $$;
create trigger line_comes_with_its_statement before insert on payout.bank_line
  for each row execute function payout.line_comes_with_its_statement();

-- The PSP's account with us, transaction by transaction; where we are in its list.
create table payout.psp_transaction (
  id            text        primary key,
  position      bigint      generated always as identity unique,
  kind          text        not null,
  amount_minor  bigint      not null,
  fee_minor     bigint      not null,
  net_minor     bigint      not null,
  currency      char(3)     not null,
  psp_reference text,
  reference     text,
  created_at    timestamptz not null,
  available_at  timestamptz not null,
  imported_at   timestamptz not null,
  constraint net_is_amount_less_fee check (net_minor = amount_minor - fee_minor)
);
-- What a transaction is to the books: its money, and what the PSP kept. Parts of one key are booked under that key's
-- commands; a key whose parts sum to its bookings is tied.
create table payout.psp_part (
  transaction_id text   not null references payout.psp_transaction (id),
  part           text   not null check (part in ('principal', 'fee', 'payout', 'payout-failure')),
  key            text   not null,
  amount_minor   bigint not null check (amount_minor <> 0),
  tied_at        timestamptz,
  primary key (transaction_id, part)
);
create index psp_part_untied on payout.psp_part (key) where tied_at is null;
create table payout.psp_key_command (
  command_id uuid primary key,
  key        text not null
);
-- The ledger's entries on psp:{psp}:balance; the version is the ledger's count, without a gap. Debits are positive.
create table payout.psp_booking (
  version             bigint      primary key check (version > 0),
  transfer_seq        bigint      not null,
  amount_minor        bigint      not null check (amount_minor <> 0),
  balance_after_minor bigint      not null,
  command_id          uuid        not null,
  command_kind        text        not null,
  key                 text,
  booked_at           timestamptz not null,
  tied_at             timestamptz
);
create index psp_booking_untied on payout.psp_booking (command_id) where tied_at is null;
create table payout.psp_cursor (
  only_one boolean primary key default true check (only_one),
  after    text
);
insert into payout.psp_cursor default values;
create table payout.psp_payout (
  id             text        primary key,
  -- As a bank's text may carry it: letters and digits only.
  id_folded      text        not null,
  transaction_id text        not null references payout.psp_transaction (id),
  amount_minor   bigint      not null check (amount_minor > 0),
  currency       char(3)     not null,
  sent_at        timestamptz not null,
  failed_by      text        references payout.psp_transaction (id)
);
create index psp_payout_by_folded_id on payout.psp_payout (id_folded);
create table payout.psp_payout_request (
  id            text        primary key,
  amount_minor  bigint      not null check (amount_minor > 0),
  currency      char(3)     not null,
  state         text        not null check (state in ('requested', 'sent', 'refused')),
  asked_by      text        not null,
  asked_at      timestamptz not null,
  psp_payout_id text unique,
  refusal       text,
  constraint sent_request_has_its_payout check ((state = 'sent') = (psp_payout_id is not null))
);
create unique index one_psp_payout_is_unknown_at_a_time on payout.psp_payout_request (state) where state = 'requested';
create table payout.psp_inbox (
  psp_event_id text        primary key,
  body_sha256  bytea       not null,
  body_sealed  bytea       not null,
  received_at  timestamptz not null,
  done_at      timestamptz
);
create index psp_inbox_to_work on payout.psp_inbox (received_at) where done_at is null;

-- What a person may have to look at, or what is still under way; it closes itself when its cause is gone.
create table payout.open_item (
  id            text        primary key,
  kind          text        not null,
  subject       text        not null,
  amount_minor  bigint,
  currency      char(3)     not null,
  explanation   text        not null,
  -- How much of outside minus ledger it makes up.
  psp_minor     bigint      not null,
  transit_minor bigint      not null,
  bank_minor    bigint      not null,
  since         timestamptz not null,
  -- Until then it is under way.
  due_at        timestamptz,
  resolved_at   timestamptz,
  resolution    text
);
create unique index item_is_open_once on payout.open_item (kind, subject) where resolved_at is null;
create index open_item_open on payout.open_item (id desc) where resolved_at is null;
create table payout.tie_out (
  day        date        primary key,
  at         timestamptz not null,
  explained  boolean     not null,
  rows       jsonb       not null
);

grant select, insert on payout.bank_file, payout.bank_statement, payout.bank_line, payout.bank_match, payout.recorded_command,
  payout.psp_transaction, payout.psp_part, payout.psp_key_command, payout.psp_booking, payout.psp_payout,
  payout.psp_payout_request, payout.psp_inbox, payout.open_item, payout.tie_out to stuiver_payout;
grant select on payout.psp_cursor to stuiver_payout;
grant update (confirmed_at) on payout.payee to stuiver_payout;
grant update (checker_name) on payout.batch to stuiver_payout;
grant update (settled_line, returned_line, reason_code, ended_at) on payout.payout to stuiver_payout;
grant update (state, problem) on payout.bank_line to stuiver_payout;
grant update (booked_at, problem) on payout.recorded_command to stuiver_payout;
grant update (after) on payout.psp_cursor to stuiver_payout;
grant update (tied_at) on payout.psp_part to stuiver_payout;
grant update (key, tied_at) on payout.psp_booking to stuiver_payout;
grant update (failed_by) on payout.psp_payout to stuiver_payout;
grant update (state, psp_payout_id, refusal) on payout.psp_payout_request to stuiver_payout;
grant update (done_at) on payout.psp_inbox to stuiver_payout;
grant update (amount_minor, explanation, psp_minor, transit_minor, bank_minor, due_at, resolved_at, resolution)
  on payout.open_item to stuiver_payout;
