-- What the bank said about each payment of a file of ours (pain.002), before any statement shows it. Never changed.
create table payout.bank_answer (
  id          text        primary key,
  file_sha256 text        not null references payout.bank_file (sha256),
  payout_id   text        not null references payout.payout (id),
  status      text        not null check (status ~ '^[A-Z]{4}$'),
  reason_code text,
  -- A rejection that cannot be true: why.
  problem     text,
  said_at     timestamptz not null,
  imported_at timestamptz not null,
  constraint file_answers_each_payout_once unique (file_sha256, payout_id)
);
create index bank_answer_of_payout on payout.bank_answer (payout_id, id desc);
grant select, insert on payout.bank_answer to stuiver_payout;
