-- Invariant E2: where the books stood is signed, and what is signed is kept. A checkpoint is of a batch as it is sealed.
create table ledger.checkpoint (
  batch         bigint      primary key references ledger.batch (no),
  hash          bytea       not null check (octet_length(hash) = 32),
  at            timestamptz not null,
  last_seq      bigint      not null,
  last_account  bigint      not null,
  -- [{currency, debitMinor, creditMinor}], amounts as text.
  trial_balance json        not null,
  key_id        text        not null,
  signature     bytea       not null check (octet_length(signature) = 64)
);
create trigger checkpoint_is_append_only before update or delete or truncate on ledger.checkpoint
  for each statement execute function ledger.refuse_change();

create function ledger.check_checkpoint() returns trigger language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  if not exists (
    select from ledger.seal s join ledger.batch b on b.no = s.batch
     where s.batch = new.batch and s.hash = new.hash and b.at = new.at
       and b.first_seq + b.transfer_count - 1 = new.last_seq
  ) then
    raise exception 'a checkpoint is of a batch as it is sealed' using errcode = 'LB005';
  end if;
  return new;
end $$;
create trigger checkpoint_is_of_a_sealed_batch before insert on ledger.checkpoint
  for each row execute function ledger.check_checkpoint();

-- Two processes may sign the same batch: the first is kept.
create function ledger.append_checkpoint(
  p_batch bigint, p_hash bytea, p_at timestamptz, p_last_seq bigint, p_last_account bigint, p_trial_balance json,
  p_key_id text, p_signature bytea
) returns void language sql
security definer set search_path = pg_catalog, pg_temp
as $$
  insert into ledger.checkpoint (batch, hash, at, last_seq, last_account, trial_balance, key_id, signature)
  values (p_batch, p_hash, p_at, p_last_seq, p_last_account, p_trial_balance, p_key_id, p_signature)
  on conflict (batch) do nothing
$$;
revoke execute on function ledger.append_checkpoint from public;
grant execute on function ledger.append_checkpoint to stuiver_ledger;
grant select on ledger.checkpoint to stuiver_ledger;
