-- Who helps knows a number, and not whose it is.
create index payment_order_by_number on orders.payment_order (out_trade_no);
create index refund_by_number on orders.refund (out_refund_no);
