import { OTHER_AMOUNT } from '../../use-cases/match-bank-lines.js';

/*
 * What there is to look at, straight from what is recorded: the open items follow from these, and close when they are
 * gone. Each says how much of outside minus ledger it makes up: of the PSP's balance, its transit, and the bank.
 */
const COLUMNS = `kind, subject, amount_minor, explanation, psp_minor, transit_minor, bank_minor, since, due_at, due_after, business_days`;
/** Business days until the morning's statement tells it: after the day of payment, and after the PSP sent it. */
const PAID_TO_STATEMENT = 1;
const SENT_TO_STATEMENT = 2;
/** Business days in which new sales usually make up for what was taken back. */
const OWING_BEFORE_LOOK = 5;
/** How long an event may be on its way. */
const FACT_GRACE = `interval '15 minutes'`;

/** Lines that no rule placed, or whose booking is under way: what the statement has and `bank:main` has not. */
const LINES = `
  select case when l.problem like '${OTHER_AMOUNT}%' then 'amount-differs' else 'bank-line-without-match' end as kind,
    'bank-line:' || l.id as subject, l.amount_minor,
    case when l.state = 'matched' then 'matched, and the ledger has not answered yet'
         else coalesce(l.problem, 'no rule looked at it yet') end as explanation,
    0::bigint as psp_minor, coalesce(c.transit_left, 0)::bigint as transit_minor,
    (l.amount_minor - coalesce(c.bank_booked, 0))::bigint as bank_minor, s.imported_at as since, null::timestamptz as due_at,
    null::date as due_after, null::int as business_days
  from payout.bank_line l
  join payout.bank_statement s on s.id = l.statement_id
  left join lateral (
    select sum(bank_minor) filter (where booked_at is not null) as bank_booked,
      sum(transit_minor) filter (where booked_at is null) as transit_left,
      count(*) filter (where booked_at is null) as left_count
    from payout.recorded_command where bank_line_id = l.id) c on true
  where l.state <> 'matched'
    or l.id in (select bank_line_id from payout.recorded_command where booked_at is null and bank_line_id is not null)`;

/** Given to the bank; no statement shows it yet. Under way, so no difference. */
const PAYOUTS_UNDER_WAY = `
  select 'payout-not-on-bank', 'payout:' || p.id, -p.amount_minor, 'given to the bank, on no statement yet',
    0, 0, 0, b.exported_at, null, b.execution_date, ${PAID_TO_STATEMENT}
  from payout.payout p join payout.batch b on b.id = p.batch_id where p.state = 'exported'`;

/** Open until the settlement is paid again. */
const PAYOUTS_SENT_BACK = `
  select 'payout-' || p.state, 'payout:' || p.id, p.amount_minor,
    'the bank said ' || p.reason_code || ': confirm or change the payee, then pay again', 0, 0, 0, p.ended_at, null, null, null
  from payout.payout p
  where p.state in ('rejected', 'returned') and not exists
    (select 1 from payout.payout q where q.settlement_id = p.settlement_id and q.id > p.id and q.state <> 'refused')`;

/** How often each payout of the PSP is under way to us: 1, or -1 when it failed and the bank still has to take it back. */
const PSP_TRANSIT = `transit as (
  select y.id, y.amount_minor, y.transaction_id, y.failed_by, y.sent_at,
    (y.failed_by is null)::int - count(m.*) filter (where not m.taken_back) + count(m.*) filter (where m.taken_back) as times
  from payout.psp_payout y left join payout.bank_match m on m.psp_payout_id = y.id
  group by y.id)`;

const PSP_PAYOUTS_UNDER_WAY = `
  select 'psp-payout-not-on-bank', 'psp-payout:' || y.id, y.amount_minor, 'sent by the PSP, on no statement yet',
    0, 0, 0, y.sent_at, null, (t.available_at at time zone 'Europe/Amsterdam')::date, ${SENT_TO_STATEMENT}
  from transit y join payout.psp_transaction t on t.id = y.transaction_id where y.times > 0
  union all
  select 'psp-payout-not-taken-back', 'psp-payout:' || y.id, -y.amount_minor,
    'the PSP says that it failed after it had arrived; no statement shows that the bank took it back',
    0, 0, 0, t.imported_at, null, (t.available_at at time zone 'Europe/Amsterdam')::date, ${SENT_TO_STATEMENT}
  from transit y join payout.psp_transaction t on t.id = y.failed_by where y.times < 0`;

const UNTIED = `untied as (
  select key, sum(outside) as outside, sum(booked) as booked, count(*) filter (where outside <> 0) as parts,
    count(*) filter (where booked <> 0) as bookings, min(transaction_id) as transaction_id
  from (
    select key, amount_minor as outside, 0 as booked, transaction_id from payout.psp_part where tied_at is null
    union all
    select key, 0, amount_minor, null from payout.psp_booking where tied_at is null and key is not null) each
  group by key)`;

/** The PSP has it, the ledger has not: a fact on its way, or one that nobody told. */
const ONLY_AT_PSP = `
  select 'psp-transaction-without-booking', 'psp-transaction:' || p.transaction_id, sum(p.amount_minor),
    'the PSP has it and the ledger not: ' || string_agg(p.part, ', ' order by p.part) || ' of a ' || min(t.kind),
    sum(p.amount_minor), coalesce((select sum(c.transit_minor) from payout.recorded_command c
      where c.psp_transaction_id = p.transaction_id and c.booked_at is null), 0), 0,
    min(t.imported_at), min(t.imported_at) + ${FACT_GRACE}, null, null
  from payout.psp_part p
  join untied u on u.key = p.key and u.bookings = 0
  join payout.psp_transaction t on t.id = p.transaction_id
  where p.tied_at is null group by p.transaction_id`;

const AMOUNTS_DIFFER = `
  select 'amount-differs', 'psp-transaction:' || u.transaction_id, u.outside - u.booked,
    'the PSP has ' || u.outside || ' and the ledger ' || u.booked || ' minor units of ' || u.key,
    u.outside - u.booked, 0, 0, t.imported_at, t.imported_at + ${FACT_GRACE}, null, null
  from untied u join payout.psp_transaction t on t.id = u.transaction_id
  where u.parts > 0 and u.bookings > 0`;

/** The ledger has it, the PSP has not told yet: its list may lag. */
const ONLY_IN_LEDGER = `
  select 'booking-without-psp-transaction', 'transfer:' || b.transfer_seq, b.amount_minor,
    'the ledger has it and the PSP not: ' || b.command_kind, -b.amount_minor, 0, 0, b.booked_at, b.booked_at + ${FACT_GRACE}, null, null
  from payout.psp_booking b left join untied u on u.key = b.key
  where b.tied_at is null and (u.key is null or u.parts = 0)`;

/** The bank rejected what it cannot have; open until the payout ends as the bank says. */
const ANSWERS_CONTRADICT = `
  select 'bank-answer-contradicts', 'payout:' || p.id, p.amount_minor,
    'the bank’s answer says rejected' || coalesce(' (' || min(a.reason_code) || ')', '') || ', but ' || min(a.problem),
    0, 0, 0, min(a.imported_at), null, null, null
  from payout.bank_answer a join payout.payout p on p.id = a.payout_id
  where a.problem is not null and p.state not in ('rejected', 'returned') group by p.id`;

/** The payers' banks or refunds took more than came in since the last settlement. New sales net it; until then it ages. */
const MERCHANTS_BELOW_ZERO = `
  select 'merchant-below-zero', 'merchant:' || b.merchant_id, b.open_minor,
    'more was taken back than came in since: no settlement until new sales make up for it',
    0, 0, 0, b.since, null, (b.since at time zone 'Europe/Amsterdam')::date, ${OWING_BEFORE_LOOK}
  from below b`;
/** Those whose account is below zero, and since which line it is so without a pause. */
const BELOW = `below as (
  select s.merchant_id, s.open_minor,
    (select min(l.booked_at) from payout.pending_line l
      where l.merchant_id = s.merchant_id and l.settlement_id is null and l.purpose <> 'close' and l.version > coalesce(
        (select max(r.version) from (select version, sum(case side when 'credit' then amount_minor else -amount_minor end)
             over (order by version) as after from payout.pending_line
           where merchant_id = s.merchant_id and settlement_id is null and purpose <> 'close') r where r.after >= 0), 0)) as since
  from (select merchant_id, sum(case side when 'credit' then amount_minor else -amount_minor end) as open_minor
      from payout.pending_line where settlement_id is null and purpose <> 'close' group by merchant_id) s
  where s.open_minor < 0)`;

/** One statement, so that all of it is of one moment: `items` and the sums for the three equations. */
export const WANTED = `with ${UNTIED}, ${PSP_TRANSIT}, ${BELOW}, wanted (${COLUMNS}) as (${[
  LINES,
  PAYOUTS_UNDER_WAY,
  PAYOUTS_SENT_BACK,
  PSP_PAYOUTS_UNDER_WAY,
  ONLY_AT_PSP,
  AMOUNTS_DIFFER,
  ONLY_IN_LEDGER,
  ANSWERS_CONTRADICT,
  MERCHANTS_BELOW_ZERO,
].join('\n  union all')})
select
  (select coalesce(json_agg(json_build_object(
     'kind', kind, 'subject', subject, 'amount_minor', amount_minor::text, 'explanation', explanation,
     'psp_minor', psp_minor::text, 'transit_minor', transit_minor::text, 'bank_minor', bank_minor::text,
     'since', since, 'due_at', due_at, 'due_after', due_after, 'business_days', business_days)), '[]') from wanted) as items,
  (select coalesce(sum(psp_minor), 0)::text from wanted) as psp,
  (select coalesce(sum(transit_minor), 0)::text from wanted) as transit,
  (select coalesce(sum(bank_minor), 0)::text from wanted) as bank,
  (select coalesce(sum(net_minor), 0)::text from payout.psp_transaction) as psp_net,
  (select version::text from payout.psp_booking order by version desc limit 1) as booked_version,
  (select balance_after_minor::text from payout.psp_booking order by version desc limit 1) as booked_balance,
  (select coalesce(sum(times * amount_minor), 0)::text from transit) as under_way,
  (select closing_minor::text from payout.bank_statement order by to_day desc limit 1) as closing,
  (select to_day::text from payout.bank_statement order by to_day desc limit 1) as closing_day`;
