-- Which of several ledger processes writes, and where the others reach it. Only a hint: the chain head (L4) decides.
-- Whoever holds the session's advisory lock (7316, shard) writes its address here and keeps `seen_at` fresh.
create table ledger.writer (
  shard   smallint    primary key references ledger.head (shard),
  address text        not null,
  seen_at timestamptz not null
);
insert into ledger.writer (shard, address, seen_at) values (1, '', '2000-01-01T00:00:00Z');
grant select, update (address, seen_at) on ledger.writer to stuiver_ledger;
