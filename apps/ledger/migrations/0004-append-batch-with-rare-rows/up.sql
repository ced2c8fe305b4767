-- The rare rows of a batch come as one jsonb parameter, null for most batches. Amounts in it are text of whole numbers.
--   accounts_opened, accounts_changed   accounts whose held amount, terms or limits are not, or no longer, the chart's;
--                                       they come here whole and not in the arrays
--   holds_placed, holds_changed         holds as they are after the batch
--   limits_set, limits_removed, counters, counters_swept
--   reversals                           which transfer of this batch takes back which
--   answers                             by command id, JSON text of what its answer says beside its transfers

create function ledger.append_rare_accounts(p_rare jsonb) returns void language plpgsql
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
declare
  changed_rows bigint;
begin
  if exists (
    -- Holds of one account, by how much they reserve more or less, and the account by how much more or less is held.
    select from (
      select account, sum(reserved) as reserved from (
        select h.account, h.remaining_minor as reserved
          from jsonb_to_recordset(p_rare->'holds_placed') as h (account bigint, remaining_minor bigint)
        union all
        select h.account, h.remaining_minor - was.remaining_minor
          from jsonb_to_recordset(p_rare->'holds_changed') as h (id text, account bigint, remaining_minor bigint)
          join ledger.hold was on was.id = h.id) as each_hold
       group by account) as by_holds
    full join (
      select a.id as account, a.held_minor as held
        from jsonb_to_recordset(p_rare->'accounts_opened') as a (id bigint, held_minor bigint)
      union all
      select a.id, a.held_minor - was.held_minor
        from jsonb_to_recordset(p_rare->'accounts_changed') as a (id bigint, held_minor bigint)
        join ledger.account was on was.id = a.id) as by_accounts using (account)
    where coalesce(by_holds.reserved, 0) <> coalesce(by_accounts.held, 0)
  ) then
    raise exception 'an account holds what its holds reserve' using errcode = 'LB004';
  end if;

  insert into ledger.account (id, code, owner, currency, normal_side, floor_minor, balance_minor, version, held_minor,
                              state, own_floor_minor, ceiling_minor, limited)
  select a.id, a.code, a.owner, a.currency, a.normal_side, a.floor_minor, a.balance_minor, a.version, a.held_minor,
         a.state, a.own_floor_minor, a.ceiling_minor, a.limited
    from jsonb_to_recordset(p_rare->'accounts_opened') as a (
    id bigint, code text, owner text, currency text, normal_side text, floor_minor bigint, balance_minor bigint,
    version bigint, held_minor bigint, state text, own_floor_minor bigint, ceiling_minor bigint, limited boolean);

  update ledger.account a
     set balance_minor = u.balance_minor, version = u.version, held_minor = u.held_minor, state = u.state,
         floor_minor = u.floor_minor, own_floor_minor = u.own_floor_minor, ceiling_minor = u.ceiling_minor,
         limited = u.limited
    from jsonb_to_recordset(p_rare->'accounts_changed') as u (
      id bigint, version_before bigint, balance_minor bigint, version bigint, held_minor bigint, state text,
      floor_minor bigint, own_floor_minor bigint, ceiling_minor bigint, limited boolean)
   where a.id = u.id and a.version = u.version_before;
  get diagnostics changed_rows = row_count;
  if changed_rows <> coalesce(jsonb_array_length(p_rare->'accounts_changed'), 0) then
    raise exception 'an account is not at the version the batch was decided on' using errcode = 'LB001';
  end if;
end $$;

create function ledger.append_rare_rows(p_batch bigint, p_rare jsonb) returns void language plpgsql
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
declare
  changed_rows bigint;
begin
  insert into ledger.hold (id, account, currency, placed_minor, captured_minor, released_minor, remaining_minor, state,
                           expires_at, placed_batch, changed_batch)
  select h.*, p_batch, p_batch from jsonb_to_recordset(p_rare->'holds_placed') as h (
    id text, account bigint, currency text, placed_minor bigint, captured_minor bigint, released_minor bigint,
    remaining_minor bigint, state text, expires_at timestamptz);

  update ledger.hold h
     set placed_minor = u.placed_minor, captured_minor = u.captured_minor, released_minor = u.released_minor,
         remaining_minor = u.remaining_minor, state = u.state, changed_batch = p_batch
    from jsonb_to_recordset(p_rare->'holds_changed') as u (
      id text, placed_minor bigint, captured_minor bigint, released_minor bigint, remaining_minor bigint, state text)
   where h.id = u.id;
  get diagnostics changed_rows = row_count;
  if changed_rows <> coalesce(jsonb_array_length(p_rare->'holds_changed'), 0) then
    raise exception 'a hold that changes is there' using errcode = 'LB004';
  end if;

  delete from ledger.velocity_counter c
   using jsonb_to_recordset(p_rare->'limits_removed') as r (subject text, name text)
   where c.subject = r.subject and c.name = r.name;
  delete from ledger.velocity_limit l
   using jsonb_to_recordset(p_rare->'limits_removed') as r (subject text, name text)
   where l.subject = r.subject and l.name = r.name;
  insert into ledger.velocity_limit (subject, name, window_kind, window_seconds, side, counterparty, count_max,
                                     sum_max_minor)
  select l.subject, l.name, l.window_kind, l.window_seconds, l.side, l.counterparty, l.count_max, l.sum_max_minor
    from jsonb_to_recordset(p_rare->'limits_set') as l (
    subject text, name text, window_kind text, window_seconds integer, side text, counterparty text, count_max bigint,
    sum_max_minor bigint)
  on conflict (subject, name) do update
     set window_kind = excluded.window_kind, window_seconds = excluded.window_seconds, side = excluded.side,
         counterparty = excluded.counterparty, count_max = excluded.count_max,
         sum_max_minor = excluded.sum_max_minor;

  delete from ledger.velocity_counter c
   using jsonb_to_recordset(p_rare->'counters_swept') as s (subject text, name text, before timestamptz)
   where c.subject = s.subject and c.name = s.name and c.slot < s.before;
  insert into ledger.velocity_counter (subject, name, slot, count, sum_minor)
  select c.subject, c.name, c.slot, c.count, c.sum_minor from jsonb_to_recordset(p_rare->'counters') as c (
    subject text, name text, slot timestamptz, count bigint, sum_minor bigint)
  on conflict (subject, name, slot) do update set count = excluded.count, sum_minor = excluded.sum_minor;

  insert into ledger.reversal (seq, reverses, before_minor, after_minor, original_minor)
  select r.seq, r.reverses, r.before_minor, r.after_minor, r.original_minor
    from jsonb_to_recordset(p_rare->'reversals') as r (
    seq bigint, reverses bigint, before_minor bigint, after_minor bigint, original_minor bigint);
end $$;

drop function ledger.append_batch;

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
  moved_credit_after bigint[], moved_effective timestamptz[],
  p_rare jsonb
) returns text language plpgsql
-- The rare tables are written in here and nowhere else.
security definer
set search_path = ledger, pg_temp
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
     and h.last_account + cardinality(opened_id)
         + coalesce(jsonb_array_length(p_rare->'accounts_opened'), 0) = p_last_account;
  if not found then
    return 'moved';
  end if;
  first_seq := p_last_seq - cardinality(moved_command) + 1;

  insert into ledger.batch (no, first_seq, transfer_count, command_count, at)
  values (p_head + 1, first_seq, cardinality(moved_command), cardinality(command_id), p_at);

  insert into ledger.command (id, kind, content, content_sha256, batch, first_seq, transfer_count, refusal, answer)
  select u.id, u.kind, u.content::json, sha256(convert_to(u.content, 'UTF8')), p_head + 1, u.first, u.transfers,
         nullif(u.refusal, '')::json, (p_rare->'answers'->>u.id::text)::json
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

  if p_rare is not null then
    perform ledger.append_rare_accounts(p_rare);
  end if;

  insert into ledger.transfer (seq, command_id, purpose, debit, credit, amount_minor, currency, debit_version,
                               debit_after, credit_version, credit_after, effective_at, batch)
  select first_seq - 1 + u.place, u.command, u.purpose, u.debit, u.credit, u.amount, u.currency, u.debit_version,
         u.debit_after, u.credit_version, u.credit_after, u.effective_at, p_head + 1
    from unnest(moved_command, moved_purpose, moved_debit, moved_credit, moved_amount, moved_currency,
                moved_debit_version, moved_debit_after, moved_credit_version, moved_credit_after, moved_effective)
         with ordinality as u (command, purpose, debit, credit, amount, currency, debit_version, debit_after,
                               credit_version, credit_after, effective_at, place);

  if p_rare is not null then
    perform ledger.append_rare_rows(p_head + 1, p_rare);
  end if;
  return 'appended';
end $$;

revoke execute on function ledger.append_batch from public;
revoke execute on function ledger.append_rare_accounts from public;
revoke execute on function ledger.append_rare_rows from public;
grant execute on function ledger.append_batch to stuiver_ledger;
