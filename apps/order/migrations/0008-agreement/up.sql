-- What moved money, by when: walked through to compare it with the ledger, a page at a time.
create index attempt_that_got_money on orders.attempt (ended_at) where state in ('succeeded', 'refundDue');
create index top_up_that_got_money on orders.top_up (ended_at) where state = 'succeeded';
create index refund_by_time on orders.refund (created_at);
create index refund_that_arrived on orders.refund (succeeded_at) where succeeded_at is not null;
