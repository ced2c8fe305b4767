-- Settlements, payouts and who may see them. Invariants P1 (never pay out more than was settled), P2 (two people),
-- P3 (a statement's lines sum to its amount).
create table payout.outbox (
  id          bigint      generated always as identity primary key,
  event_id    uuid        not null unique,
  topic       text        not null,
  subject     text        not null,
  event       jsonb       not null,
  occurred_at timestamptz not null,
  sent_at     timestamptz
);
create index outbox_unsent on payout.outbox (id) where sent_at is null;

-- What the ledger told about merchants' pending accounts: the version is the ledger's own count, without a gap.
create table payout.pending_line (
  merchant_id   text        not null,
  version       bigint      not null check (version > 0),
  side          text        not null check (side in ('debit', 'credit')),
  amount_minor  bigint      not null check (amount_minor > 0),
  currency      char(3)     not null,
  purpose       text        not null,
  transfer_seq  bigint      not null,
  order_id      text,
  refund_id     text,
  booked_at     timestamptz not null,
  settlement_id text,
  primary key (merchant_id, version)
);
create index pending_line_unsettled on payout.pending_line (merchant_id) where settlement_id is null and purpose <> 'close';
create index pending_line_of_settlement on payout.pending_line (settlement_id, version);

create table payout.order_reference (
  order_id       text primary key,
  merchant_id    text not null,
  out_trade_no   text not null,
  transaction_id text not null,
  description    text not null,
  method         text not null
);

create table payout.refund_reference (
  refund_id     text primary key,
  order_id      text not null,
  out_refund_no text not null
);

create table payout.payee (
  merchant_id text        primary key,
  name_sealed bytea       not null,
  iban_sealed bytea       not null,
  iban_last4  text        not null,
  changed_at  timestamptz not null
);

create table payout.settlement (
  id                text        primary key,
  merchant_id       text        not null,
  -- closing: the ledger is being asked. posted: it moved the money, lines may be missing. closed: every line is here.
  state             text        not null check (state in ('closing', 'posted', 'closed', 'empty')),
  currency          char(3)     not null,
  amount_minor      bigint      check (amount_minor > 0),
  close_version     bigint,
  from_version      bigint,
  lines_total_minor bigint,
  created_at        timestamptz not null,
  closed_at         timestamptz,
  constraint moved_settlement_knows_what check (
    (state in ('posted', 'closed')) = (amount_minor is not null and close_version is not null and from_version is not null)),
  constraint statement_sums_to_its_amount check (state <> 'closed' or lines_total_minor = amount_minor),
  constraint close_is_booked_once unique (merchant_id, close_version)
);
create unique index one_settlement_of_a_merchant_is_being_closed on payout.settlement (merchant_id) where state in ('closing', 'posted');
create index settlement_of_merchant on payout.settlement (merchant_id, created_at desc);

create table payout.batch (
  id             text        primary key,
  -- prepared → approving → approved → exported. A prepared one may be discarded; an approving one is refused when the
  -- ledger said no to one of its payouts. Both give their settlements back.
  state          text        not null check (state in ('prepared', 'approving', 'approved', 'exported', 'refused', 'discarded')),
  maker          text        not null,
  checker        text,
  file_sha256    text        not null,
  execution_date date        not null,
  created_at     timestamptz not null,
  approved_at    timestamptz,
  exported_at    timestamptz,
  constraint names_are_plain check (maker !~ '^\s|\s$|[[:cntrl:]]' and (checker is null or checker !~ '^\s|\s$|[[:cntrl:]]')),
  constraint maker_is_not_checker check (checker is null or lower(btrim(checker)) <> lower(btrim(maker))),
  constraint approval_has_a_checker check ((state in ('prepared', 'discarded')) = (checker is null))
);
create index batch_is_to_be_finished on payout.batch (state) where state in ('prepared', 'approving', 'approved');

create table payout.payout (
  id              text        primary key,
  settlement_id   text        not null references payout.settlement (id),
  merchant_id     text        not null,
  batch_id        text        not null references payout.batch (id),
  state           text        not null check (state in ('prepared', 'approved', 'exported', 'refused')),
  amount_minor    bigint      not null check (amount_minor > 0),
  currency        char(3)     not null,
  end_to_end_id   text        not null unique check (length(end_to_end_id) <= 35),
  remittance      text        not null,
  -- As it was when the file was made: a later change of the payee does not touch it.
  payee_name_sealed bytea     not null,
  payee_iban_sealed bytea     not null,
  payee_iban_last4  text      not null,
  refusal         text
);
create index payout_of_batch on payout.payout (batch_id);
create index payout_waits_for_approval on payout.payout (merchant_id) where state = 'prepared';
-- A refused payout gave its settlement back: the ledger said no, or its batch was discarded.
create unique index settlement_is_paid_out_once on payout.payout (settlement_id) where state <> 'refused';

-- P1: a payout is exactly what its settlement closed.
create function payout.payout_fits_its_settlement() returns trigger language plpgsql as $$
begin
  perform 1 from payout.settlement s
   where s.id = new.settlement_id and s.state = 'closed' and s.merchant_id = new.merchant_id
     and s.amount_minor = new.amount_minor and s.currency = new.currency;
  if not found then
    raise exception 'payout % is not what its settlement closed', new.id using errcode = 'PO001';
  end if;
  return new;
end $$;
create trigger payout_fits_its_settlement before insert or update of amount_minor, settlement_id, merchant_id on payout.payout
  for each row execute function payout.payout_fits_its_settlement();

-- What a payout says is what its file says: only its state moves, and only forward.
create function payout.payout_only_moves_forward() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    if new.state <> 'prepared' then
      raise exception 'payout % begins prepared', new.id using errcode = 'PO003';
    end if;
    return new;
  end if;
  if to_jsonb(new) - 'state' - 'refusal' is distinct from to_jsonb(old) - 'state' - 'refusal' then
    raise exception 'payout % is in a file as it is', old.id using errcode = 'PO002';
  end if;
  if new.state <> old.state and (old.state, new.state) not in
      (('prepared', 'approved'), ('prepared', 'refused'), ('approved', 'exported')) then
    raise exception 'payout % does not go from % to %', old.id, old.state, new.state using errcode = 'PO003';
  end if;
  return new;
end $$;
create trigger payout_only_moves_forward before insert or update on payout.payout
  for each row execute function payout.payout_only_moves_forward();

-- P2: what was prepared is what is approved. The file, its day and its maker never change, a checker is named once, and
-- no state is entered twice.
create function payout.approval_binds_the_file() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    if new.state <> 'prepared' then
      raise exception 'batch % begins prepared', new.id using errcode = 'PO003';
    end if;
    return new;
  end if;
  if (new.id, new.file_sha256, new.maker, new.execution_date, new.created_at) is distinct from
     (old.id, old.file_sha256, old.maker, old.execution_date, old.created_at)
     or (old.checker is not null and new.checker is distinct from old.checker) then
    raise exception 'batch % was approved as it is', old.id using errcode = 'PO002';
  end if;
  if new.state <> old.state and (old.state, new.state) not in
      (('prepared', 'approving'), ('prepared', 'discarded'), ('approving', 'approved'), ('approving', 'refused'),
       ('approved', 'exported')) then
    raise exception 'batch % does not go from % to %', old.id, old.state, new.state using errcode = 'PO003';
  end if;
  return new;
end $$;
create trigger approval_binds_the_file before insert or update on payout.batch
  for each row execute function payout.approval_binds_the_file();

create table payout.merchant_link (
  token_sha256 bytea       primary key,
  merchant_id  text        not null,
  expires_at   timestamptz not null,
  used_at      timestamptz
);
create table payout.merchant_session (
  token_sha256 bytea       primary key,
  merchant_id  text        not null,
  expires_at   timestamptz not null
);

grant select, insert on payout.outbox, payout.pending_line, payout.order_reference, payout.refund_reference, payout.payee,
  payout.settlement, payout.batch, payout.payout, payout.merchant_link, payout.merchant_session to stuiver_payout;
-- What may change is named; the rest of a row is as it was written.
grant update (sent_at) on payout.outbox to stuiver_payout;
grant update (settlement_id) on payout.pending_line to stuiver_payout;
grant update (name_sealed, iban_sealed, iban_last4, changed_at) on payout.payee to stuiver_payout;
grant update (state, amount_minor, close_version, from_version, lines_total_minor, closed_at) on payout.settlement to stuiver_payout;
grant update (state, checker, approved_at, exported_at) on payout.batch to stuiver_payout;
grant update (state, refusal) on payout.payout to stuiver_payout;
grant update (used_at) on payout.merchant_link to stuiver_payout;
grant delete on payout.outbox, payout.merchant_link, payout.merchant_session to stuiver_payout;
