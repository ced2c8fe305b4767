-- The W3C traceparent under which an event was said; it travels beside the event.
alter table payout.outbox add column traceparent text;
