/**
 * The bank's own tables. Entries and statements are never changed; an account's balance is moved by its entries alone;
 * a statement begins where the one before it ended and holds exactly its day.
 */
export const BANK_SCHEMA = `
create table if not exists bank_account (
  iban text primary key,
  name text not null,
  overdraft boolean not null,
  balance_minor bigint not null,
  -- What the last statement closed with.
  stated_minor bigint not null,
  last_sequence bigint not null default 0,
  constraint account_is_not_overdrawn check (overdraft or balance_minor >= 0)
);
create table if not exists bank_file (
  msg_id text primary key,
  sha256 text not null,
  iban text not null references bank_account (iban),
  payment_information_id text not null,
  batch_booking boolean not null,
  execution_day text not null,
  executed_on text,
  received_at timestamptz not null default now()
);
create table if not exists bank_payment (
  msg_id text not null references bank_file (msg_id),
  no integer not null,
  end_to_end_id text not null,
  amount_minor bigint not null check (amount_minor > 0),
  creditor_name text not null,
  creditor_iban text not null,
  remittance text not null,
  state text not null default 'waiting' check (state in ('waiting', 'paid', 'rejected', 'returned')),
  reason text,
  executed_on text,
  primary key (msg_id, no),
  constraint payment_is_once_in_its_file unique (msg_id, end_to_end_id),
  constraint reason_is_given check ((reason is not null) = (state in ('rejected', 'returned')))
);
create index if not exists bank_payment_by_end_to_end_id on bank_payment (end_to_end_id);
create table if not exists bank_plan (
  end_to_end_id text primary key,
  outcome text not null check (outcome in ('pay', 'reject', 'return')),
  code text,
  after_days integer not null check (after_days >= 0)
);
create table if not exists bank_entry (
  id bigint generated always as identity primary key,
  iban text not null references bank_account (iban),
  day text not null,
  amount_minor bigint not null,
  reversal boolean not null,
  code text not null,
  payment_information_id text,
  transactions jsonb not null
);
create index if not exists bank_entry_of_day on bank_entry (iban, day);
create table if not exists bank_statement (
  id text primary key,
  iban text not null references bank_account (iban),
  sequence bigint not null,
  day text not null,
  opening_minor bigint not null,
  closing_minor bigint not null,
  xml text not null,
  constraint statement_number_is_once unique (iban, sequence),
  constraint day_is_stated_once unique (iban, day)
);
create or replace function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name using errcode = 'LB002';
end $$;
create or replace trigger entry_is_append_only before update or delete on bank_entry
  for each row execute function refuse_change();
create or replace trigger statement_is_append_only before update or delete on bank_statement
  for each row execute function refuse_change();
create or replace function move_bank_balance() returns trigger language plpgsql as $$
begin
  if exists (select from bank_statement where iban = new.iban and day >= new.day) then
    raise exception 'the day % of % is closed', new.day, new.iban using errcode = 'LB003';
  end if;
  update bank_account set balance_minor = balance_minor + new.amount_minor where iban = new.iban;
  return null;
end $$;
create or replace trigger entry_moves_balance after insert on bank_entry
  for each row execute function move_bank_balance();
create or replace function check_statement() returns trigger language plpgsql as $$
declare
  account bank_account;
  booked bigint;
begin
  select * into account from bank_account where iban = new.iban for update;
  select coalesce(sum(amount_minor), 0) into booked from bank_entry
    where iban = new.iban and day = new.day;
  if new.sequence <> account.last_sequence + 1 or new.opening_minor <> account.stated_minor
    or new.closing_minor <> new.opening_minor + booked
    or new.closing_minor <> account.balance_minor then
    raise exception 'statement % does not follow the one before', new.id using errcode = 'LB004';
  end if;
  update bank_account set last_sequence = new.sequence, stated_minor = new.closing_minor
    where iban = new.iban;
  return null;
end $$;
create or replace trigger statement_follows after insert on bank_statement
  for each row execute function check_statement();
`;
