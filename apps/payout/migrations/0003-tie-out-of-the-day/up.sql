-- The day's record is its last reading, and the worst that any reading of the day left unexplained.
alter table payout.tie_out
  add column unexplained_minor     bigint not null default 0 check (unexplained_minor >= 0),
  add column unexplained_max_minor bigint not null default 0,
  add constraint worst_is_at_least_the_last check (unexplained_max_minor >= unexplained_minor),
  add constraint explained_is_nothing_left check (explained = (unexplained_minor = 0));
grant update (at, explained, rows, unexplained_minor, unexplained_max_minor) on payout.tie_out to stuiver_payout;
