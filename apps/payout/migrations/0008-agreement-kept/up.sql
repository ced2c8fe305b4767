-- How far what moved money was compared with the ledger, and what disagreed: kept over restarts, shared by processes.
create table payout.agreement (
  only_one     boolean     primary key default true check (only_one),
  said_until   timestamptz not null,
  booked_until bigint      not null check (booked_until >= 0)
);
insert into payout.agreement (said_until, booked_until) values ('epoch', 0);

create table payout.disagreement (
  command_id uuid        primary key,
  kind       text        not null,
  thing      text        not null,
  -- Null: they agree again.
  reason     text        null,
  since      timestamptz not null,
  constraint reason_is_known check (reason in ('not-booked', 'refused', 'other-amount', 'unknown-here', 'booked-twice'))
);
create index disagreement_that_stands on payout.disagreement (since) where reason is not null;

grant select, update (said_until, booked_until) on payout.agreement to stuiver_payout;
grant select, insert, update (reason, since) on payout.disagreement to stuiver_payout;
