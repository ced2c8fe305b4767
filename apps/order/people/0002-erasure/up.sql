-- Invariants A11 and A12: what is kept of a payer opens with the payer's own key, and a payer can be erased. Keys are
-- sealed by the key store; without the row, what they sealed elsewhere is noise.
create table people.person_key (
  user_id    text        primary key references people.person (user_id),
  key_sealed bytea       not null,
  created_at timestamptz not null
);

-- From `begun_at` on nobody is let in as this person. `erased_at`: nothing of them is left. The row stays, as the record.
create table people.erasure (
  user_id    text        primary key,
  id         uuid        not null unique,
  begun_at   timestamptz not null,
  erased_at  timestamptz null
);
create index erasure_to_finish on people.erasure (begun_at) where erased_at is null;

create function people.refuse_change_of_erasure() returns trigger language plpgsql as $$
begin
  raise exception 'who was erased stays erased' using errcode = '23514';
end $$;
create trigger erasure_stays before update or delete on people.erasure
  for each row when (old.erased_at is not null) execute function people.refuse_change_of_erasure();

-- Whatever a request that was under way still wants to write about somebody who is being erased.
create function people.refuse_the_erased() returns trigger language plpgsql as $$
begin
  if exists (select from people.erasure e where e.user_id = new.user_id) then
    raise exception 'this person is being erased' using errcode = '23514', constraint = 'nothing_new_of_the_erased';
  end if;
  return new;
end $$;
create trigger nothing_new_of_the_erased before insert or update on people.person
  for each row execute function people.refuse_the_erased();
create trigger nothing_new_of_the_erased before insert on people.session
  for each row execute function people.refuse_the_erased();
create trigger nothing_new_of_the_erased before insert on people.person_key
  for each row execute function people.refuse_the_erased();
create trigger nothing_new_of_the_erased before insert or update on people.pin
  for each row execute function people.refuse_the_erased();
create trigger nothing_new_of_the_erased before insert or update on people.recovery
  for each row execute function people.refuse_the_erased();

create function people.check_erased() returns trigger language plpgsql as $$
begin
  if exists (select from people.person p where p.user_id = new.user_id) then
    raise exception 'who is erased is gone' using errcode = '23514';
  end if;
  return new;
end $$;
create trigger erased_is_gone before update of erased_at on people.erasure
  for each row when (new.erased_at is not null) execute function people.check_erased();

grant select, insert, delete on people.person_key, people.erasure to stuiver_people;
grant update (erased_at) on people.erasure to stuiver_people;
grant delete on people.person, people.pin, people.recovery to stuiver_people;
