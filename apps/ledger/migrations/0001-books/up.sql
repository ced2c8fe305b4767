-- Invariants L1, L2, L3: money moves between two accounts; it is never made, lost or rewritten; one command, one booking.

-- The chain head of a shard: every batch moves it by one, so it tells a writer whether anybody else wrote.
create table ledger.head (
  shard        smallint    primary key,
  batch        bigint      not null,
  last_seq     bigint      not null,
  last_account bigint      not null,
  at           timestamptz not null
);
insert into ledger.head (shard, batch, last_seq, last_account, at) values (1, 0, 0, 0, '2000-01-01T00:00:00Z');

-- Balances count on the normal side: what a liability owes, what an asset holds.
create table ledger.account (
  id            bigint  primary key,
  code          text    not null,
  owner         text    not null,
  currency      char(3) not null,
  normal_side   text    not null check (normal_side in ('debit', 'credit')),
  floor_minor   bigint  null,
  balance_minor bigint  not null,
  version       bigint  not null check (version > 0),
  constraint account_code_has_no_twin unique (code),
  constraint account_keeps_its_floor check (floor_minor is null or balance_minor >= floor_minor)
) with (fillfactor = 60);

create table ledger.batch (
  no              bigint      primary key,
  first_seq       bigint      not null,
  transfer_count  integer     not null check (transfer_count >= 0),
  command_count   integer     not null check (command_count > 0),
  at              timestamptz not null
);

-- What was asked or told, for ever. `content` is the command's canonical text and `content_sha256` its hash: the same
-- id with the same hash gets the first result, refusals included. Type json, not jsonb: the text stays as it was.
create table ledger.command (
  id             uuid     primary key,
  kind           text     not null,
  content        json     not null,
  content_sha256 bytea    not null,
  batch          bigint   not null,
  first_seq      bigint   not null,
  transfer_count integer  not null check (transfer_count >= 0),
  refusal        json     null,
  constraint refused_moves_nothing check (refusal is null or transfer_count = 0)
);

create table ledger.transfer (
  seq            bigint      primary key,
  command_id     uuid        not null,
  purpose        text        not null,
  debit          bigint      not null,
  credit         bigint      not null,
  amount_minor   bigint      not null,
  currency       char(3)     not null,
  debit_version  bigint      not null,
  debit_after    bigint      not null,
  credit_version bigint      not null,
  credit_after   bigint      not null,
  -- When it happened; when it was booked is the batch's time.
  effective_at   timestamptz not null,
  batch          bigint      not null,
  constraint transfer_moves_something check (amount_minor > 0),
  constraint transfer_has_two_sides check (debit <> credit),
  constraint transfer_debit_versions_have_no_twin unique (debit, debit_version),
  constraint transfer_credit_versions_have_no_twin unique (credit, credit_version)
);

-- What foreign keys would say, asked once for all rows of a statement: row by row they cost more than all the rest of a
-- batch. As nothing they point to is ever removed or renamed, asking at insert is enough. And what they could not say: an
-- account stands where its last transfer left it.
create function ledger.check_transfers() returns trigger language plpgsql
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
begin
  if exists (
    select from (select distinct t.command_id, t.batch from added t) as said
      left join ledger.command c on c.id = said.command_id and c.batch = said.batch
     where c.id is null
  ) then
    raise exception 'a transfer belongs to a command of its batch' using errcode = 'LB003';
  end if;
  -- Each account is looked up once, however many of the rows are its own.
  if exists (
    select from (
      select distinct on (side.account, side.currency) side.*
        from (select t.debit, t.currency, t.debit_version, t.debit_after from added t
              union all
              select t.credit, t.currency, t.credit_version, t.credit_after from added t)
             as side (account, currency, version, after)
       order by side.account, side.currency, side.version desc) as last
      left join ledger.account a on a.id = last.account and a.currency = last.currency
     where a.id is null or a.version <> last.version or a.balance_minor <> last.after
  ) then
    raise exception 'an account stands where its last transfer left it' using errcode = 'LB003';
  end if;
  return null;
end $$;
create trigger transfer_stands_on_the_books after insert on ledger.transfer
  referencing new table as added for each statement execute function ledger.check_transfers();

create function ledger.check_commands() returns trigger language plpgsql as $$
begin
  if exists (select from added c where not exists (select from ledger.batch b where b.no = c.batch)) then
    raise exception 'a command belongs to a batch' using errcode = 'LB003';
  end if;
  return null;
end $$;
create trigger command_belongs_to_a_batch after insert on ledger.command
  referencing new table as added for each statement execute function ledger.check_commands();

create function ledger.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '%.% is append-only', tg_table_schema, tg_table_name using errcode = 'LB002';
end $$;

create trigger transfer_is_append_only before update or delete or truncate on ledger.transfer
  for each statement execute function ledger.refuse_change();
create trigger command_is_append_only before update or delete or truncate on ledger.command
  for each statement execute function ledger.refuse_change();
create trigger batch_is_append_only before update or delete or truncate on ledger.batch
  for each statement execute function ledger.refuse_change();
create trigger account_is_never_removed before delete or truncate on ledger.account
  for each statement execute function ledger.refuse_change();

-- How far the transfers have been told to others: the transfer table, gap-free in `seq`, is the ledger's outbox.
create table ledger.told (
  shard    smallint primary key references ledger.head (shard),
  last_seq bigint   not null
);
insert into ledger.told (shard, last_seq) values (1, 0);

grant select, insert on ledger.transfer, ledger.command, ledger.batch, ledger.account to stuiver_ledger;
grant update (balance_minor, version) on ledger.account to stuiver_ledger;
grant select, update (batch, last_seq, last_account, at) on ledger.head to stuiver_ledger;
grant select, update (last_seq) on ledger.told to stuiver_ledger;
