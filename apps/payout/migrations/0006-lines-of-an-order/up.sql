-- What an order moved on its merchant's account is asked for by the order.
create index pending_line_of_order on payout.pending_line (order_id, version) where order_id is not null;
-- A payout is looked for by its amount, which is what a person sees on the bank's line.
create index payout_of_amount on payout.payout (amount_minor, id desc);
