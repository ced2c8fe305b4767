-- The only home of payers' personal data. Names are sealed per person; tokens and PINs are kept as hashes.
create table people.person (
  user_id     text        primary key,
  guest       boolean     not null,
  name_sealed bytea,
  created_at  timestamptz not null,
  kept_at     timestamptz,
  constraint kept_account_has_a_name check (guest or name_sealed is not null)
);

create table people.session (
  token_sha256 bytea       primary key,
  user_id      text        not null references people.person (user_id),
  created_at   timestamptz not null,
  expires_at   timestamptz not null
);
create index session_of_person on people.session (user_id);

-- A memory-hard hash; five wrong tries lock it.
create table people.pin (
  user_id      text        primary key references people.person (user_id),
  salt         bytea       not null,
  hash         bytea       not null,
  wrong_tries  integer     not null default 0 check (wrong_tries between 0 and 5),
  locked_until timestamptz,
  set_at       timestamptz not null
);

-- What brings a kept account back on another device. A long random code, so a plain hash keeps it.
create table people.recovery (
  user_id     text        primary key references people.person (user_id),
  code_sha256 bytea       not null unique,
  created_at  timestamptz not null
);

grant select, insert, update on people.recovery to stuiver_people;
grant select, insert, update on people.person, people.session, people.pin to stuiver_people;
grant delete on people.session to stuiver_people;
