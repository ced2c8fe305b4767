-- Mail owed to people. Invariant E5: what was promised by mail is sent, once as far as we can tell, and its text is
-- forgotten after a while.
create table orders.mail (
  id           uuid        primary key,
  -- What it is about: the same cause never makes two mails.
  dedupe_key   text        not null,
  -- Address, subject and text: personal data, so sealed, and null once the retention is over.
  sealed       bytea,
  created_at   timestamptz not null,
  tries        integer     not null default 0,
  next_try_at  timestamptz,
  sent_at      timestamptz,
  given_up_at  timestamptz,
  problem      text,
  constraint mail_is_owed_once unique (dedupe_key),
  constraint mail_is_owed_sent_or_given_up check (num_nonnulls(next_try_at, sent_at, given_up_at) = 1),
  constraint owed_mail_has_a_text check (next_try_at is null or sealed is not null)
);
create index mail_due on orders.mail (next_try_at) where next_try_at is not null;
create index mail_to_forget on orders.mail (created_at) where sealed is not null;

grant select, insert on orders.mail to stuiver_order;
grant update (sealed, tries, next_try_at, sent_at, given_up_at, problem) on orders.mail to stuiver_order;
