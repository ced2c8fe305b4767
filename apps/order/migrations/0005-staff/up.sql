-- Who works with the consoles, and since when they are here. Invariants A7 (a role counts for minutes after it was
-- taken away), A8 (passwords are not guessed).
create table orders.staff (
  id            text        primary key check (id ~ '^stf_[0-9a-z]{26}$'),
  email         text        not null check (email = lower(email) and length(email) between 3 and 254),
  name          text        not null check (length(name) between 1 and 70),
  roles         text[]      not null,
  -- Which merchants the role `merchant` is about.
  merchants     text[]      not null,
  -- A memory-hard hash; none until the invitation is accepted, and never with an OpenID provider of the host's own.
  password_salt bytea,
  password_hash bytea,
  created_at    timestamptz not null,
  disabled_at   timestamptz,
  constraint one_person_per_email unique (email),
  constraint roles_are_known check (
    cardinality(roles) > 0 and roles <@ array['merchant', 'finance', 'operator']),
  constraint merchants_go_with_their_role check (('merchant' = any (roles)) = (cardinality(merchants) > 0)),
  constraint password_is_salted check ((password_salt is null) = (password_hash is null))
);

-- A link that sets a password, once.
create table orders.staff_invitation (
  token_sha256 bytea       primary key,
  staff_id     text        not null references orders.staff (id),
  created_at   timestamptz not null,
  expires_at   timestamptz not null,
  used_at      timestamptz
);
create index staff_invitation_of_person on orders.staff_invitation (staff_id);
create index staff_invitation_by_age on orders.staff_invitation (expires_at);

-- One sign-in in one browser: what short-lived cookies are renewed against.
create table orders.staff_session (
  token_sha256 bytea       primary key,
  staff_id     text        not null references orders.staff (id),
  created_at   timestamptz not null,
  renewed_at   timestamptz not null,
  expires_at   timestamptz not null
);
create index staff_session_of_person on orders.staff_session (staff_id);
create index staff_session_by_age on orders.staff_session (expires_at);

-- Wrong passwords per e-mail address and per network address, in the present window.
create table orders.staff_try (
  key_sha256 bytea       primary key,
  tries      integer     not null check (tries > 0),
  since      timestamptz not null
);
create index staff_try_by_age on orders.staff_try (since);

-- What the built-in OpenID provider remembers between two requests, whichever process they reach.
create table orders.oidc_record (
  model       text        not null,
  id          text        not null,
  payload     jsonb       not null,
  grant_id    text,
  uid         text,
  consumed_at timestamptz,
  expires_at  timestamptz not null,
  primary key (model, id)
);
create index oidc_record_of_grant on orders.oidc_record (grant_id) where grant_id is not null;
create index oidc_record_of_session on orders.oidc_record (uid) where uid is not null;
create index oidc_record_by_age on orders.oidc_record (expires_at);

-- The console lists a merchant's orders, newest first: ids sort by age.
create index payment_order_of_merchant on orders.payment_order (mchid, id desc);

grant select, insert on orders.staff, orders.staff_invitation, orders.staff_session, orders.staff_try, orders.oidc_record
  to stuiver_order;
grant update (name, roles, merchants, password_salt, password_hash, disabled_at) on orders.staff to stuiver_order;
grant update (used_at) on orders.staff_invitation to stuiver_order;
grant update (renewed_at) on orders.staff_session to stuiver_order;
grant update (tries, since) on orders.staff_try to stuiver_order;
grant update (payload, grant_id, uid, consumed_at, expires_at) on orders.oidc_record to stuiver_order;
grant delete on orders.staff_invitation, orders.staff_session, orders.staff_try, orders.oidc_record to stuiver_order;
