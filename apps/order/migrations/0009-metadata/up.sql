-- Invariant A11: what a payment says of its payer is hashed with a salt into the books, and stays here, sealed under the
-- payer's own key (people.person_key). Without that key `metadata_sealed` is noise; an erasure removes it as well.
alter table orders.attempt
  add column metadata_sha256 bytea null check (octet_length(metadata_sha256) = 32),
  add column metadata_sealed bytea null,
  add constraint sealed_metadata_is_committed_to check (metadata_sealed is null or metadata_sha256 is not null);

create function orders.refuse_other_metadata() returns trigger language plpgsql as $$
begin
  raise exception 'what the ledger was told of an attempt does not change' using errcode = '23514';
end $$;
create trigger metadata_is_committed_once before update of metadata_sha256 on orders.attempt
  for each row when (old.metadata_sha256 is not null and new.metadata_sha256 is distinct from old.metadata_sha256)
  execute function orders.refuse_other_metadata();
create index attempt_of_payer on orders.attempt (user_id);
