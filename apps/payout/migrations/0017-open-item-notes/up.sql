-- Invariant B8: what people say about an open item stays as they said it, and is said while it is open. The last note
-- says how the item stands: whose it is, why, and until when.
create table payout.open_item_note (
  id           bigint      generated always as identity primary key,
  open_item_id text        not null references payout.open_item (id),
  at           timestamptz not null,
  by_id        text        not null check (by_id ~ '^stf_[0-9a-z]{26}$'),
  by_name      text        not null check (btrim(by_name) <> ''),
  owner_id     text        check (owner_id ~ '^stf_[0-9a-z]{26}$'),
  owner_name   text,
  reason_code  text        check (reason_code in ('on-its-way', 'wrong-reference', 'wrong-amount', 'bank-error', 'psp-error',
    'our-error', 'party-asked', 'other')),
  deadline     date,
  comment      text        check (length(comment) between 1 and 500 and btrim(comment) <> ''),
  constraint owner_has_a_name check ((owner_id is null) = (owner_name is null))
);
create index open_item_note_of_item on payout.open_item_note (open_item_id, id desc);

create function payout.note_is_of_an_open_item() returns trigger language plpgsql as $$
begin
  -- Notes of one item wait for each other, so their numbers are their order.
  perform 1 from payout.open_item where id = new.open_item_id and resolved_at is null for update;
  if not found then
    raise exception 'item % is not open', new.open_item_id using errcode = 'PO003';
  end if;
  return new;
end $$;
create trigger note_is_of_an_open_item before insert on payout.open_item_note
  for each row execute function payout.note_is_of_an_open_item();

create function payout.note_stays() returns trigger language plpgsql as $$
begin
  raise exception 'what was said about an open item stays as it is' using errcode = 'PO002';
end $$;
create trigger note_stays before update or delete or truncate on payout.open_item_note
  for each statement execute function payout.note_stays();

grant select on payout.open_item_note to stuiver_payout;
grant insert (open_item_id, at, by_id, by_name, owner_id, owner_name, reason_code, deadline, comment)
  on payout.open_item_note to stuiver_payout;
