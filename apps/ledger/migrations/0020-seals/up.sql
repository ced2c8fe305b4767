-- Invariant E1: what was booked can be proven, and cannot be changed unseen. Every batch has a root over its commands
-- and transfers, and a hash chained to the batch before, written with it or not at all.

-- Where the chain begins. Batches below `begins_at` were written before there were seals: what they say is checked by
-- arithmetic alone. `genesis` stands for the batch before the first.
create table ledger.chain (
  shard     smallint primary key references ledger.head (shard),
  id        uuid     not null,
  begins_at bigint   not null,
  genesis   bytea    not null check (octet_length(genesis) = 32)
);

-- One text per value, its length in bytes before it: no two lists of values are the same text.
create function ledger.netstrings(variadic given text[]) returns text language sql immutable parallel safe as $$
  select string_agg(coalesce(octet_length(value) || ':' || value || ',', '-,'), '' order by place)
    from unnest(given) with ordinality as u (value, place)
$$;

create function ledger.instant(at timestamptz) returns text language sql stable parallel safe as $$
  select to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
$$;

insert into ledger.chain (shard, id, begins_at, genesis)
select h.shard, made.id, h.batch + 1,
       sha256(convert_to(ledger.netstrings('stuiver.genesis.v1', made.id::text, h.shard::text, h.batch::text), 'UTF8'))
  from ledger.head h, (select gen_random_uuid() as id) as made;

-- `leaves`: 32 bytes for each command of the batch, in order. `blind`: where the salts of its transfers come from.
create table ledger.seal (
  batch  bigint primary key,
  root   bytea  not null check (octet_length(root) = 32),
  hash   bytea  not null check (octet_length(hash) = 32),
  blind  bytea  not null check (octet_length(blind) = 32),
  leaves bytea  not null check (octet_length(leaves) % 32 = 0)
);
-- Hashes do not get smaller.
alter table ledger.seal alter column leaves set storage external;

-- What a batch says of itself; `batchText` of libs/proof writes the same, and `chainText` what is hashed over it.
create function ledger.batch_text(b ledger.batch, root bytea, blind bytea) returns text
language sql stable parallel safe as $$
  select ledger.netstrings('stuiver.batch.v1', '1', b.no::text, encode(root, 'hex'),
                           encode(sha256(blind), 'hex'),
                           b.first_seq::text, b.transfer_count::text, b.command_count::text, ledger.instant(b.at))
$$;

create function ledger.chained(previous bytea, batch_text text) returns bytea language sql immutable parallel safe as $$
  select sha256(convert_to(ledger.netstrings('stuiver.chain.v1', encode(previous, 'hex'),
                                             encode(sha256(convert_to(batch_text, 'UTF8')), 'hex')), 'UTF8'))
$$;

-- The chained hash that batch `p_no` stands on; null when the one before has none.
create function ledger.hash_before(p_no bigint) returns bytea language sql stable parallel safe as $$
  select case when c.begins_at = p_no then c.genesis else (select s.hash from ledger.seal s where s.batch = p_no - 1) end
    from ledger.chain c where c.shard = 1
$$;

-- Goes around `ledger.append_batch`, in the same statement: what that appended is sealed, or all of it is undone.
create function ledger.seal_batch(
  p_outcome text, p_previous bytea, p_root bytea, p_hash bytea, p_blind bytea, p_leaves bytea
) returns text language plpgsql
set plan_cache_mode = force_generic_plan
as $$
declare
  sealed ledger.batch;
begin
  if p_outcome <> 'appended' then
    return p_outcome;
  end if;
  select b.* into strict sealed from ledger.head h join ledger.batch b on b.no = h.batch where h.shard = 1;
  if p_previous is distinct from ledger.hash_before(sealed.no) then
    raise exception 'a batch is sealed on the hash of the one before' using errcode = 'LB005';
  end if;
  if octet_length(p_leaves) <> 32 * sealed.command_count
     or p_hash <> ledger.chained(p_previous, ledger.batch_text(sealed, p_root, p_blind)) then
    raise exception 'the seal is not of this batch' using errcode = 'LB005';
  end if;
  insert into ledger.seal (batch, root, hash, blind, leaves)
  values (sealed.no, p_root, p_hash, p_blind, p_leaves);
  return p_outcome;
end $$;

create function ledger.check_sealed() returns trigger language plpgsql as $$
begin
  if not exists (select from ledger.seal s where s.batch = new.no) then
    raise exception 'a batch is sealed in its own transaction' using errcode = 'LB005';
  end if;
  return null;
end $$;
create constraint trigger batch_is_sealed after insert on ledger.batch
  deferrable initially deferred for each row execute function ledger.check_sealed();

create trigger seal_is_append_only before update or delete or truncate on ledger.seal
  for each statement execute function ledger.refuse_change();
create trigger chain_is_append_only before update or delete or truncate on ledger.chain
  for each statement execute function ledger.refuse_change();

revoke execute on function ledger.seal_batch from public;
grant execute on function ledger.seal_batch to stuiver_ledger;
grant select on ledger.seal, ledger.chain to stuiver_ledger;
