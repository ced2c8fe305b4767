-- Merchants' API identities and the mini-programs that may ask for payments. Invariant A1: a request belongs to the
-- merchant whose key signed it.
create table orders.merchant (
  mchid             text        primary key check (mchid ~ '^[0-9]{8,32}$'),
  name              text        not null check (length(name) between 1 and 70),
  -- Which platform key answers when the request names none: node-v3 knows certificates only.
  answer_key        text        not null default 'certificate' check (answer_key in ('certificate', 'public-key')),
  api_v3_key_sealed bytea       not null,
  created_at        timestamptz not null
);

create table orders.merchant_certificate (
  serial_no       text        primary key check (serial_no ~ '^[0-9A-F]{1,64}$'),
  mchid           text        not null references orders.merchant (mchid),
  certificate_pem text        not null,
  public_key_pem  text        not null,
  not_after       timestamptz not null,
  revoked_at      timestamptz,
  created_at      timestamptz not null
);
create index merchant_certificate_of_merchant on orders.merchant_certificate (mchid);
-- Whoever holds the private key is one merchant: the same signing request sent twice gives the same certificate.
create unique index one_living_certificate_per_key on orders.merchant_certificate (public_key_pem) where revoked_at is null;

create table orders.mini_program (
  appid             text        primary key check (length(appid) between 1 and 32),
  mchid             text        not null references orders.merchant (mchid),
  name              text        not null,
  description       text        not null,
  app_secret_sealed bytea       not null,
  -- 'packaged': files in `source`, served on the mini-program's own host name. 'hosted': `source` is its URL.
  origin_kind       text        not null check (origin_kind in ('packaged', 'hosted')),
  source            text        not null,
  created_at        timestamptz not null
);

-- A used nonce with another request is refused; the identical request again is answered like the first.
create table orders.request_nonce (
  mchid       text        not null,
  nonce       text        not null,
  fingerprint bytea       not null,
  seen_at     timestamptz not null,
  primary key (mchid, nonce)
);
create index request_nonce_by_age on orders.request_nonce (seen_at);

grant select, insert on orders.merchant, orders.merchant_certificate, orders.mini_program, orders.request_nonce to stuiver_order;
grant update (name, answer_key, api_v3_key_sealed) on orders.merchant to stuiver_order;
grant update (revoked_at) on orders.merchant_certificate to stuiver_order;
grant update (name, description, app_secret_sealed, origin_kind, source) on orders.mini_program to stuiver_order;
grant delete on orders.request_nonce to stuiver_order;
