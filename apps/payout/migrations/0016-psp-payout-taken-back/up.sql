-- A payout of the PSP that failed after it had arrived: the bank takes it from our account again. Invariant B3: a PSP
-- payout comes in once and goes back at most once, and only after it came.
alter table payout.bank_match
  add column taken_back boolean not null default false,
  add column came boolean generated always as (case when taken_back then false end) stored,
  drop constraint psp_payout_arrives_once,
  add constraint taken_back_names_its_payout check (not taken_back or psp_payout_id is not null),
  add constraint psp_payout_comes_and_goes_once unique (psp_payout_id, taken_back),
  add constraint psp_payout_came_before_it_went foreign key (psp_payout_id, came)
    references payout.bank_match (psp_payout_id, taken_back);
