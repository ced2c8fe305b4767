-- Where the PSP holds the merchants' money: each merchant's connected account there. Invariant A10: it is one
-- merchant's and never changes, because the ledger's account of it goes by the merchant.
alter table orders.merchant
  add column psp_account text constraint merchant_psp_account_key unique check (length(psp_account) between 1 and 64);

create function orders.keep_psp_account() returns trigger language plpgsql as $$
begin
  raise exception 'a merchant''s account at the PSP never changes' using errcode = 'integrity_constraint_violation';
end $$;
create trigger psp_account_is_kept before update of psp_account on orders.merchant for each row
  when (old.psp_account is not null and new.psp_account is distinct from old.psp_account)
  execute function orders.keep_psp_account();
grant update (psp_account) on orders.merchant to stuiver_order;

-- Where the money of an attempt goes; fixed at the confirm, so a repeat asks the PSP for the same.
alter table orders.attempt add column psp_account text references orders.merchant (psp_account);
alter table orders.attempt add constraint wallet_pays_to_no_psp_account
  check (psp_account is null or method <> 'wallet');
