/* What `verify` reads. Numbers and instants as text: nothing is rounded on the way. */

export const STANDING_SQL = `
  select h.batch, h.last_seq as "lastSeq", h.last_account as "lastAccount", ledger.instant(h.at) as at
    from ledger.head h where h.shard = 1`;

export const CHAIN_SQL = `
  select id, begins_at as "beginsAt", encode(genesis, 'hex') as genesis from ledger.chain where shard = 1`;

const ACCOUNT_SQL = `
  select a.id, a.code, a.owner, a.currency, a.normal_side as "normalSide", a.floor_minor as "floorMinor",
         a.own_floor_minor as "ownFloorMinor", a.balance_minor as "balanceMinor", a.version
    from ledger.account a`;
export const ACCOUNTS_SQL = `${ACCOUNT_SQL} order by a.id`;
export const ACCOUNTS_OF_SQL = `${ACCOUNT_SQL} where a.id = any ($1)`;

/** Each with what its batch says. */
export const CHECKPOINTS_SQL = `
  select c.id as chain, c.shard::text as shard, p.batch, encode(p.hash, 'hex') as hash, ledger.instant(p.at) as at,
         p.last_seq as "lastSeq", p.last_account as "lastAccount", p.trial_balance as "trialBalance",
         p.key_id as "keyId", encode(p.signature, 'hex') as signature,
         case when s.batch is not null and b.no is not null then
           json_build_object('hash', encode(s.hash, 'hex'), 'at', ledger.instant(b.at),
                             'lastSeq', (b.first_seq + b.transfer_count - 1)::text) end as sealed
    from ledger.checkpoint p
    join ledger.chain c on c.shard = 1
    left join ledger.seal s on s.batch = p.batch
    left join ledger.batch b on b.no = p.batch
   order by p.batch`;

export const PURPOSES_SQL = 'select distinct purpose from ledger.transfer';

const BATCH_SQL = `
  select b.no, b.first_seq as "firstSeq", b.transfer_count::text as "transferCount",
         b.command_count::text as "commandCount", ledger.instant(b.at) as at, encode(s.root, 'hex') as root,
         encode(s.hash, 'hex') as hash, encode(s.blind, 'hex') as blind, encode(s.leaves, 'hex') as leaves
    from ledger.batch b left join ledger.seal s on s.batch = b.no`;
export const BATCHES_SQL = `${BATCH_SQL} where b.no > $1 order by b.no limit $2`;
export const BATCHES_BETWEEN_SQL = `${BATCH_SQL} where b.no > $1 and b.no <= $2 order by b.no`;

/** Whoever was refused has the same first transfer as the one after. */
const COMMAND_SQL = `
  select id, kind, content::text as content, encode(content_sha256, 'hex') as "contentSha256", batch,
         first_seq as "firstSeq", transfer_count::text as "transferCount", refusal::text as refusal, answer::text as answer,
         place::text as place, content->>'metadataSha256' as metadata
    from ledger.command`;
export const COMMANDS_SQL = `
  ${COMMAND_SQL} where batch between $1 and $2 order by batch, first_seq, transfer_count, place`;
export const COMMAND_BY_ID_SQL = `${COMMAND_SQL} where id = $1`;
export const COMMAND_BY_SEQ_SQL = `
  ${COMMAND_SQL} where id = (select command_id from ledger.transfer where seq = $1)`;

export const TRANSFERS_SQL = `
  select t.seq, t.command_id as "commandId", t.purpose, t.debit, t.credit, t.amount_minor as "amountMinor", t.currency,
         t.debit_version as "debitVersion", t.debit_after as "debitAfter", t.credit_version as "creditVersion",
         t.credit_after as "creditAfter", ledger.instant(t.effective_at) as "effectiveAt", t.batch,
         case when r.seq is not null then
           json_build_object('reverses', r.reverses::text, 'before', r.before_minor::text, 'after', r.after_minor::text,
                             'original', r.original_minor::text) end as reversal
    from ledger.transfer t left join ledger.reversal r on r.seq = t.seq
   where t.seq between $1 and $2 order by t.seq`;

/** Each account that moved after transfer $1, as its last transfer before that left it. */
export const STANDINGS_AFTER_SQL = `
  with moved as (
    select account, min(version) as first
      from (select debit, debit_version from ledger.transfer where seq > $1
            union all select credit, credit_version from ledger.transfer where seq > $1) as side (account, version)
     group by account)
  select m.account, (m.first - 1)::text as version, coalesce(d.debit_after, c.credit_after, 0)::text as balance
    from moved m
    left join ledger.transfer d on d.debit = m.account and d.debit_version = m.first - 1
    left join ledger.transfer c on c.credit = m.account and c.credit_version = m.first - 1`;

/** The first row of each kind that no batch accounts for, or that does not follow from the transfers. */
export const STRAYS_SQL = `
  with head as (select batch, last_seq from ledger.head where shard = 1)
  (select 'transfer' as table, t.seq::text as key, 'seq' as column, 'no such row' as expected, t.seq::text as found
     from ledger.transfer t, head where t.seq > head.last_seq or t.seq < 1 order by t.seq limit 1)
  union all
  (select 'command', c.id::text, 'batch', 'a batch that there is', c.batch::text
     from ledger.command c, head where c.batch > head.batch or c.batch < 1 limit 1)
  union all
  (select 'seal', s.batch::text, 'batch', 'no such row', s.batch::text
     from ledger.seal s where not exists (select from ledger.batch b where b.no = s.batch) limit 1)
  union all
  (select 'reversal', r.seq::text, 'seq', 'no such row', r.seq::text
     from ledger.reversal r where not exists (select from ledger.transfer t where t.seq = r.seq) limit 1)
  union all
  (select 'told', '1', 'last_seq', 'at most ' || head.last_seq, coalesce(t.last_seq::text, 'no such row')
     from head left join ledger.told t on t.shard = 1 where coalesce(t.last_seq > head.last_seq, true))`;

/** The first day of an account that is not the sum of its transfers. */
export const DAYS_SQL = `
  with derived as (
    select side.account, (b.at at time zone 'Europe/Amsterdam')::date as booked_on,
           (side.effective_at at time zone 'Europe/Amsterdam')::date as effective_on, sum(side.debit) as debit_minor,
           sum(side.credit) as credit_minor, count(*) as transfers, min(side.version) as first_version,
           max(side.version) as last_version
      from (select batch, debit, effective_at, amount_minor, 0::bigint, debit_version from ledger.transfer
            union all
            select batch, credit, effective_at, 0::bigint, amount_minor, credit_version from ledger.transfer)
           as side (batch, account, effective_at, debit, credit, version)
      join ledger.batch b on b.no = side.batch
     group by 1, 2, 3)
  select 'account_day' as table, 'account' as name, account || ' ' || booked_on || ' ' || effective_on as key,
         case when d.transfers is not null then
           jsonb_build_object('debit_minor', d.debit_minor::text, 'credit_minor', d.credit_minor::text,
                              'transfers', d.transfers::text, 'first_version', d.first_version::text,
                              'last_version', d.last_version::text) end as expected,
         case when a.transfers is not null then
           jsonb_build_object('debit_minor', a.debit_minor::text, 'credit_minor', a.credit_minor::text,
                              'transfers', a.transfers::text, 'first_version', a.first_version::text,
                              'last_version', a.last_version::text) end as found
    from derived d full join ledger.account_day a using (account, booked_on, effective_on)
   where (d.debit_minor, d.credit_minor, d.transfers, d.first_version, d.last_version)
         is distinct from (a.debit_minor, a.credit_minor, a.transfers, a.first_version, a.last_version)
   order by account, booked_on, effective_on limit 1`;
