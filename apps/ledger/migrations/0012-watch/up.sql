-- What each watch said last, so that a change is told once, whichever process sees it.
create table ledger.watch (
  name       text        primary key,
  state      text        not null check (state in ('well', 'alarm')),
  -- How often it changed: together with the name, the event's identity.
  change     bigint      not null check (change > 0),
  changed_at timestamptz not null
);
grant select, insert on ledger.watch to stuiver_ledger;
grant update (state, change, changed_at) on ledger.watch to stuiver_ledger;
