-- Invariants L7 to L11: what is held is not spent; a hold ends once; limits bind asks; nothing is reversed twice.
-- What few batches carry (holds, terms of accounts, velocity limits, reversals) has tables of its own, which only
-- append_batch writes: the service's role has no right to.

-- `held_minor` is what open holds reserve. `own_floor_minor` is what a command set; `floor_minor` stays what counts.
alter table ledger.account
  add column held_minor      bigint  not null default 0,
  add column state           text    not null default 'open',
  add column own_floor_minor bigint  null,
  add column ceiling_minor   bigint  null,
  add column limited         boolean not null default false,
  add constraint account_holds_no_less_than_nothing check (held_minor >= 0),
  add constraint account_state_is_known check (state in ('open', 'frozen-debit', 'frozen', 'closed')),
  add constraint account_keeps_its_ceiling check (ceiling_minor is null or balance_minor <= ceiling_minor),
  add constraint closed_account_is_empty check (state <> 'closed' or (balance_minor = 0 and held_minor = 0)),
  drop constraint account_keeps_its_floor,
  add constraint account_keeps_its_floor check (floor_minor is null or balance_minor - held_minor >= floor_minor),
  -- A command may speak of an account before its first transfer.
  drop constraint account_version_check,
  add constraint account_counts_its_transfers check (version >= 0);

create function ledger.refuse_reopening() returns trigger language plpgsql as $$
begin
  raise exception 'a closed account stays closed' using errcode = 'LB004';
end $$;
create trigger closed_account_stays_closed before update of state on ledger.account
  for each row when (old.state = 'closed' and new.state <> 'closed') execute function ledger.refuse_reopening();

-- The part of a posted command's answer that is not its transfers.
alter table ledger.command add column answer json null;

create table ledger.hold (
  id              text        primary key,
  account         bigint      not null references ledger.account (id),
  currency        char(3)     not null,
  placed_minor    bigint      not null,
  captured_minor  bigint      not null,
  released_minor  bigint      not null,
  remaining_minor bigint      not null,
  state           text        not null,
  -- Null: it never expires.
  expires_at      timestamptz null,
  placed_batch    bigint      not null references ledger.batch (no),
  changed_batch   bigint      not null references ledger.batch (no),
  constraint hold_is_of_something check (placed_minor > 0),
  constraint hold_gives_nothing_back check (captured_minor >= 0 and released_minor >= 0 and remaining_minor >= 0),
  constraint hold_adds_up check (captured_minor + released_minor + remaining_minor = placed_minor),
  constraint hold_state_is_known check (state in ('open', 'captured', 'released', 'expired')),
  constraint open_hold_reserves check ((state = 'open') = (remaining_minor > 0))
) with (fillfactor = 80);
create index hold_by_expiry on ledger.hold (expires_at, id) where state = 'open' and expires_at is not null;
create index hold_by_account on ledger.hold (account, expires_at, id) where state = 'open';

create function ledger.check_hold_change() returns trigger language plpgsql as $$
declare
  now_at timestamptz;
begin
  if old.state <> 'open' then
    raise exception 'a hold ends once' using errcode = 'LB004';
  end if;
  if (new.id, new.account, new.currency, new.placed_batch) <> (old.id, old.account, old.currency, old.placed_batch)
     or new.expires_at is distinct from old.expires_at then
    raise exception 'a hold stays on its account and keeps its time' using errcode = 'LB004';
  end if;
  if new.placed_minor < old.placed_minor or new.captured_minor < old.captured_minor
     or new.released_minor < old.released_minor then
    raise exception 'what a hold has done is not undone' using errcode = 'LB004';
  end if;
  select b.at into strict now_at from ledger.batch b where b.no = new.changed_batch;
  if (new.state = 'expired') <> coalesce(old.expires_at <= now_at, false) then
    raise exception 'a hold expires when its time has come, and nothing else happens to it then' using errcode = 'LB004';
  end if;
  return new;
end $$;
create trigger hold_ends_once before update on ledger.hold
  for each row execute function ledger.check_hold_change();
create trigger hold_is_never_removed before delete or truncate on ledger.hold
  for each statement execute function ledger.refuse_change();

-- A subject is `account:{code}`, or any name that commands carry.
create table ledger.velocity_limit (
  subject        text    not null,
  name           text    not null,
  window_kind    text    not null,
  window_seconds integer null,
  -- Of an account's limit: which side of it counts, and with which counterparty only.
  side           text    null,
  counterparty   text    null,
  count_max      bigint  null,
  sum_max_minor  bigint  null,
  primary key (subject, name),
  constraint window_is_known check (window_kind in ('day', 'month', 'rolling')),
  constraint rolling_window_has_a_length check ((window_kind = 'rolling') = (window_seconds is not null)),
  constraint window_is_of_some_length check (window_seconds >= 60),
  constraint limit_limits_something check (count_max >= 0 or sum_max_minor >= 0),
  constraint side_is_known check (side in ('debit', 'credit'))
);

-- What counted, by the slot of time in which it did. Slots that no window reaches any more are swept as new ones come.
create table ledger.velocity_counter (
  subject   text        not null,
  name      text        not null,
  slot      timestamptz not null,
  count     bigint      not null check (count > 0),
  sum_minor bigint      not null check (sum_minor >= 0),
  primary key (subject, name, slot),
  foreign key (subject, name) references ledger.velocity_limit
) with (fillfactor = 70);

create function ledger.check_counter_change() returns trigger language plpgsql as $$
begin
  if new.count < old.count or new.sum_minor < old.sum_minor then
    raise exception 'what counted is not uncounted' using errcode = 'LB004';
  end if;
  return new;
end $$;
create trigger counter_only_grows before update on ledger.velocity_counter
  for each row execute function ledger.check_counter_change();

-- Which transfer takes back which. What it took back is the interval from `before_minor` to `after_minor` of the original
-- amount; as each begins where one before it ended and no two begin together, they never sum to more than the original.
create table ledger.reversal (
  seq            bigint primary key references ledger.transfer (seq),
  reverses       bigint not null references ledger.transfer (seq),
  before_minor   bigint not null,
  after_minor    bigint not null,
  original_minor bigint not null,
  constraint reversal_takes_something_back check (before_minor >= 0 and after_minor > before_minor),
  constraint reversals_never_exceed_the_original check (after_minor <= original_minor),
  constraint reversal_has_no_twin unique (reverses, before_minor)
);

create function ledger.check_reversal() returns trigger language plpgsql as $$
begin
  if not exists (
    select from ledger.transfer t join ledger.transfer o on o.seq = new.reverses
     where t.seq = new.seq and t.seq > o.seq and t.debit = o.credit and t.credit = o.debit
       and t.currency = o.currency and o.amount_minor = new.original_minor
       and t.amount_minor = new.after_minor - new.before_minor
  ) then
    raise exception 'a reversal is its original the other way round' using errcode = 'LB004';
  end if;
  if new.before_minor > 0 and not exists (
    select from ledger.reversal r where r.reverses = new.reverses and r.after_minor = new.before_minor
  ) then
    raise exception 'a reversal begins where the one before it ended' using errcode = 'LB004';
  end if;
  return new;
end $$;
create trigger reversal_mirrors_its_original before insert on ledger.reversal
  for each row execute function ledger.check_reversal();
create trigger reversal_is_append_only before update or delete or truncate on ledger.reversal
  for each statement execute function ledger.refuse_change();

grant select on ledger.hold, ledger.velocity_limit, ledger.velocity_counter, ledger.reversal to stuiver_ledger;
