-- Invariant A13: a receipt shows the hash of its command. With chance in the command, who knows all of it but the
-- merchant's fee cannot guess the fee and check the guess. It is in the command, so it stays as it was.
alter table orders.attempt
  add column content_salt bytea null check (octet_length(content_salt) = 16);

create trigger content_salt_is_drawn_once before update of content_salt on orders.attempt
  for each row when (old.content_salt is not null and new.content_salt is distinct from old.content_salt)
  execute function orders.refuse_other_metadata();
