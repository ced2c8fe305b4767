-- Invariant E1, against our own service: it books through these functions and in no other way. They act as their
-- owner; the service's role may read, and may say how far it has told others.
--
-- Whoever replaces one of them keeps `security definer` and the search path.
alter function ledger.append_batch security definer;
alter function ledger.append_batch set search_path = pg_catalog, pg_temp;
alter function ledger.seal_batch security definer;
alter function ledger.seal_batch set search_path = pg_catalog, pg_temp;

-- Until the transaction ends nobody else moves the head.
create function ledger.lock_head() returns void language sql
security definer set search_path = pg_catalog, pg_temp
as $$
  select from ledger.head where shard = 1 for update
$$;
revoke execute on function ledger.lock_head from public;
grant execute on function ledger.lock_head to stuiver_ledger;

revoke insert on ledger.transfer, ledger.command, ledger.batch, ledger.account from stuiver_ledger;
revoke update (balance_minor, version) on ledger.account from stuiver_ledger;
revoke update (batch, last_seq, last_account, at) on ledger.head from stuiver_ledger;
