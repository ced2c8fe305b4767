-- Merchants' connected accounts at the PSP, where the PSP holds their money, and what changed their balances. Invariant
-- P6: one account is one merchant's; a transaction is imported once, and a payout among them is written down with it.
create table payout.connected_account (
  merchant_id text primary key,
  account     text not null constraint connected_account_is_one_merchants unique,
  -- The last transaction that was imported.
  after       text
);
create table payout.connected_transaction (
  id            text        primary key,
  merchant_id   text        not null references payout.connected_account (merchant_id),
  kind          text        not null,
  net_minor     bigint      not null,
  currency      char(3)     not null,
  psp_reference text,
  created_at    timestamptz not null,
  imported_at   timestamptz not null
);
create index connected_transaction_of_merchant on payout.connected_transaction (merchant_id);

grant select, insert on payout.connected_account, payout.connected_transaction to stuiver_payout;
grant update (after) on payout.connected_account to stuiver_payout;
