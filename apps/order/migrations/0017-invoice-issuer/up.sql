-- Who an invoice is from, as it was configured when it was made: name, address, VAT number. Null: nobody said.
alter table orders.fee_invoice
  add column issuer text constraint issuer_is_plain check (length(issuer) between 1 and 500 and issuer !~ '[[:cntrl:]]');
grant insert (issuer) on orders.fee_invoice to stuiver_order;
