-- The one way money moves: a whole decided batch in one statement, or nothing.
--   'appended'  it is written; the head has moved from p_head to p_head + 1.
--   'moved'     somebody else wrote since the caller read: nothing is written.
--   'known'     a command id is used already: nothing is written.
-- Arrays of one prefix are parallel. Command texts have no line break inside, so they come as lines.
create function ledger.append_batch(
  p_head bigint, p_at timestamptz, p_last_seq bigint, p_last_account bigint,
  opened_id bigint[], opened_code text[], opened_owner text[], opened_currency text[], opened_side text[],
  opened_floor bigint[], opened_balance bigint[], opened_version bigint[],
  changed_id bigint[], changed_before bigint[], changed_version bigint[], changed_balance bigint[],
  command_id uuid[], command_kind text[], command_content text, command_first bigint[], command_transfers int[],
  command_refusal text,
  moved_command uuid[], moved_purpose text[], moved_debit bigint[], moved_credit bigint[], moved_amount bigint[],
  moved_currency text[], moved_debit_version bigint[], moved_debit_after bigint[], moved_credit_version bigint[],
  moved_credit_after bigint[], moved_effective timestamptz[]
) returns text language plpgsql
-- One plan for every batch size, by primary key: left alone, the planner takes a large array for a reason to read the
-- whole table and hash it.
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
declare
  first_seq bigint;
  changed_rows bigint;
begin
  if exists (select from ledger.command c where c.id = any (command_id)) then
    return 'known';
  end if;

  update ledger.head h
     set batch = p_head + 1, last_seq = p_last_seq, last_account = p_last_account, at = p_at
   where h.shard = 1 and h.batch = p_head and h.at <= p_at
     and h.last_seq + cardinality(moved_command) = p_last_seq
     and h.last_account + cardinality(opened_id) = p_last_account;
  if not found then
    return 'moved';
  end if;
  first_seq := p_last_seq - cardinality(moved_command) + 1;

  insert into ledger.batch (no, first_seq, transfer_count, command_count, at)
  values (p_head + 1, first_seq, cardinality(moved_command), cardinality(command_id), p_at);

  insert into ledger.command (id, kind, content, content_sha256, batch, first_seq, transfer_count, refusal)
  select u.id, u.kind, u.content::json, sha256(convert_to(u.content, 'UTF8')), p_head + 1, u.first, u.transfers,
         nullif(u.refusal, '')::json
    from unnest(command_id, command_kind, string_to_array(command_content, E'\n'), command_first, command_transfers,
                string_to_array(command_refusal, E'\n')) as u (id, kind, content, first, transfers, refusal);

  insert into ledger.account (id, code, owner, currency, normal_side, floor_minor, balance_minor, version)
  select * from unnest(opened_id, opened_code, opened_owner, opened_currency, opened_side, opened_floor,
                       opened_balance, opened_version);

  update ledger.account a
     set balance_minor = u.balance, version = u.version
    from unnest(changed_id, changed_before, changed_version, changed_balance) as u (id, before, version, balance)
   where a.id = u.id and a.version = u.before;
  get diagnostics changed_rows = row_count;
  if changed_rows <> cardinality(changed_id) then
    raise exception 'an account is not at the version the batch was decided on' using errcode = 'LB001';
  end if;

  insert into ledger.transfer (seq, command_id, purpose, debit, credit, amount_minor, currency, debit_version,
                               debit_after, credit_version, credit_after, effective_at, batch)
  select first_seq - 1 + u.place, u.command, u.purpose, u.debit, u.credit, u.amount, u.currency, u.debit_version,
         u.debit_after, u.credit_version, u.credit_after, u.effective_at, p_head + 1
    from unnest(moved_command, moved_purpose, moved_debit, moved_credit, moved_amount, moved_currency,
                moved_debit_version, moved_debit_after, moved_credit_version, moved_credit_after, moved_effective)
         with ordinality as u (command, purpose, debit, credit, amount, currency, debit_version, debit_after,
                               credit_version, credit_after, effective_at, place);
  return 'appended';
end $$;

revoke execute on function ledger.append_batch from public;
grant execute on function ledger.append_batch to stuiver_ledger;
