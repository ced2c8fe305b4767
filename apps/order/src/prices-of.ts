import type { Provider, Type } from '@nestjs/common';
import { PostgresAuditTrail } from '@stuiver/audit';
import {
  FeeInvoicesController,
  MerchantFeeInvoicesController,
  OperatorFeeInvoicesController,
} from './adapters/http/invoices/fee-invoices.controller.js';
import {
  ConsolePricesController,
  MerchantPricesController,
} from './adapters/http/prices/console-prices.controller.js';
import { OperatorPricesController } from './adapters/http/prices/operator-prices.controller.js';
import { PostgresFeeInvoices } from './adapters/postgres/fee-invoices.js';
import { PostgresPriceLists } from './adapters/postgres/price-lists.js';
import { flatPrice } from './domain/price-list.js';
import type { OrderOptions } from './options.js';
import { IssueFeeInvoices } from './use-cases/invoices/issue-fee-invoices.js';
import { DecidePrices } from './use-cases/prices/decide-prices.js';
import { ProposePrices } from './use-cases/prices/propose-prices.js';
import { TellPrices } from './use-cases/prices/tell-prices.js';

export const PRICE_CONTROLLERS: readonly Type[] = [
  FeeInvoicesController,
  OperatorFeeInvoicesController,
  MerchantFeeInvoicesController,
  ConsolePricesController,
  MerchantPricesController,
  OperatorPricesController,
];

/** Price lists, the invoices for what they cost, and who works with them. */
export function priceProviders(options: OrderOptions): Provider[] {
  const { database, clock, random, fee } = options;
  const trail = new PostgresAuditTrail('orders', clock);
  const lists = new PostgresPriceLists(database, trail);
  const invoices = new PostgresFeeInvoices(database, trail);
  const issuer = options.invoiceFrom ?? null;
  const configuredPrices = flatPrice(fee);
  return [
    { provide: PostgresPriceLists, useValue: lists },
    { provide: PostgresFeeInvoices, useValue: invoices },
    { provide: IssueFeeInvoices, useValue: new IssueFeeInvoices(invoices, { clock, issuer }) },
    { provide: TellPrices, useValue: new TellPrices(lists, { clock, configuredPrices }) },
    { provide: ProposePrices, useValue: new ProposePrices(lists, { clock, random }) },
    { provide: DecidePrices, useValue: new DecidePrices(lists, clock) },
  ];
}
