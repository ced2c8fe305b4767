-- What a person has to look at: watched all the time, and hopefully little.
create index notification_exhausted on orders.notification (exhausted_at) where exhausted_at is not null;
create index refund_abnormal on orders.refund (created_at) where state = 'abnormal';
