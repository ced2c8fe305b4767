/*
 * Versions count an account's transfers without a gap in the order of booking, so the last one booked by a moment is
 * found by halving: a look-up by unique index for each doubling of the account's transfers, twenty for a million. An
 * index by time would save them, and cost every posting two more entries.
 */
export const BOOKED_BY_SQL = `
  with recursive account as (select id, version, currency, normal_side from ledger.account where code = $1),
  moment as (select coalesce((select no from ledger.batch where at <= $2 order by at desc, no desc limit 1), 0) as batch),
  halving as (
    select 0::bigint as low, account.version as high from account
    union all
    select case when line.batch <= moment.batch then middle.version else halving.low end,
           case when line.batch <= moment.batch then halving.high else middle.version - 1 end
      from halving, account, moment,
           lateral (select (halving.low + halving.high + 1) / 2 as version) as middle,
           lateral (select t.batch from ledger.transfer t where t.debit = account.id and t.debit_version = middle.version
                    union all
                    select t.batch from ledger.transfer t where t.credit = account.id and t.credit_version = middle.version)
             as line
     where halving.low < halving.high)
  select account.currency, account.normal_side as side, halving.low as version,
         coalesce((select t.debit_after from ledger.transfer t
                    where t.debit = account.id and t.debit_version = halving.low),
                  (select t.credit_after from ledger.transfer t
                    where t.credit = account.id and t.credit_version = halving.low), 0) as balance
    from halving, account where halving.low = halving.high`;

/**
 * The days before, and of the day itself the rows not after the moment. Those lie within the day's versions, which do
 * not overlap: what one day booked comes before what the next one did.
 */
export const EFFECTIVE_BY_SQL = `
  with account as (select id, currency, normal_side from ledger.account where code = $1),
  moment as (select day, day::timestamp at time zone 'Europe/Amsterdam' as day_begins
               from (select ($2::timestamptz at time zone 'Europe/Amsterdam')::date) as today (day)),
  today as (select d.account, d.first_version, d.last_version
              from account, moment, ledger.account_day d
             where d.account = account.id and d.effective_on = moment.day),
  net as (
    select d.debit_minor - d.credit_minor as minor
      from account, moment, ledger.account_day d
     where d.account = account.id and d.effective_on < moment.day
    union all
    select t.amount_minor from today, moment, ledger.transfer t
     where t.debit = today.account and t.debit_version between today.first_version and today.last_version
       and t.effective_at between moment.day_begins and $2
    union all
    select -t.amount_minor from today, moment, ledger.transfer t
     where t.credit = today.account and t.credit_version between today.first_version and today.last_version
       and t.effective_at between moment.day_begins and $2)
  select account.currency, account.normal_side as side, null as version,
         (select coalesce(sum(minor), 0) from net) * case when account.normal_side = 'debit' then 1 else -1 end as balance
    from account`;

/** What an account moved on each day of one clock, and where that left it. */
export const DAYS_SQL = (day: string): string => `
  with account as (select id, case when normal_side = 'debit' then 1 else -1 end as sign from ledger.account where code = $1),
  day as (
    select d.${day} as day, sum(d.debit_minor) as debit, sum(d.credit_minor) as credit, sum(d.transfers) as transfers,
           sum(sum(d.debit_minor - d.credit_minor) * account.sign) over (order by d.${day}) as closing
      from account join ledger.account_day d on d.account = account.id
     where d.${day} <= $3
     group by d.${day}, account.sign)
  select day::text, debit::text as "debitMinor", credit::text as "creditMinor", transfers::text,
         closing::text as "closingMinor"
    from day where day >= $2 order by day limit $4`;

/** Every account's net, from `net (account, minor)`: debits less credits. */
const TOTALS_OF = (net: string): string => `
  with moment as (select day, day::timestamp at time zone 'Europe/Amsterdam' as day_begins
                    from (select ($1::timestamptz at time zone 'Europe/Amsterdam')::date) as today (day)),
  ${net},
  total as (select account, sum(minor) as minor from net group by account)`;

/** On the normal side, account by account. */
const TRIAL_OF = (net: string): string => `${TOTALS_OF(net)}
  select a.code as account, a.owner, a.currency, a.normal_side as "normalSide",
         (case when a.normal_side = 'debit' then total.minor else -total.minor end)::text as "balanceMinor",
         (sum(total.minor) filter (where a.normal_side = 'debit') over ())::text as debit,
         (-sum(total.minor) filter (where a.normal_side = 'credit') over ())::text as credit
    from total join ledger.account a on a.id = total.account
   order by a.owner <> 'operator', a.code limit $2`;

const BOTH_SIDES =
  'lateral (values (t.debit, t.amount_minor), (t.credit, -t.amount_minor)) as side (account, minor)';

/** The days before, and the batches of the day itself by their time. */
export const TRIAL_BOOKED_SQL = TRIAL_OF(`
  today as (select min(b.first_seq) as first, max(b.first_seq + b.transfer_count) as beyond
              from moment, ledger.batch b where b.at between moment.day_begins and $1),
  net (account, minor) as (
    select d.account, d.debit_minor - d.credit_minor
      from moment, ledger.account_day d where d.booked_on < moment.day
    union all
    select side.account, side.minor from today, ledger.transfer t, ${BOTH_SIDES}
     where t.seq >= today.first and t.seq < today.beyond)`);

/** The days before, and of each account's day itself the rows within its versions, not after the moment. */
const NET_EFFECTIVE = `
  today as (select d.account, d.first_version, d.last_version
              from moment, ledger.account_day d where d.effective_on = moment.day),
  net (account, minor) as (
    select d.account, d.debit_minor - d.credit_minor
      from moment, ledger.account_day d where d.effective_on < moment.day
    union all
    select t.debit, t.amount_minor from today, moment, ledger.transfer t
     where t.debit = today.account and t.debit_version between today.first_version and today.last_version
       and t.effective_at between moment.day_begins and $1
    union all
    select t.credit, -t.amount_minor from today, moment, ledger.transfer t
     where t.credit = today.account and t.credit_version between today.first_version and today.last_version
       and t.effective_at between moment.day_begins and $1)`;

export const TRIAL_EFFECTIVE_SQL = TRIAL_OF(NET_EFFECTIVE);

/** Who owns an account, or at which of a PSP's accounts it is, does not matter here. */
const KINDS_OF = (from: string, minor: string): string => `
  select * from (select regexp_replace(regexp_replace(a.code, '^(user|merchant):[^:]+:', '\\1:*:'), ':acct:.*$', ':acct:*') as account,
         a.normal_side as "normalSide", sum(${minor})::text as "balanceMinor",
         sum(greatest(${minor}, 0))::text as "aboveZeroMinor", count(*)::text as accounts
    from ${from}
   group by 1, 2) as kind order by account collate "C"`;

/** All accounts by kind, by when things happened. */
export const BOOKS_AT_SQL = `${TOTALS_OF(NET_EFFECTIVE)}
  ${KINDS_OF(
    'total join ledger.account a on a.id = total.account',
    "case when a.normal_side = 'debit' then total.minor else -total.minor end",
  )}`;

export const BOOKS_NOW_SQL = KINDS_OF('ledger.account a', 'a.balance_minor');

export const SPAN_SQL = `
  select (select min(effective_on)::text from ledger.account_day) as "firstDay",
         (select max(open_from) from ledger.period) as "openFrom"`;
