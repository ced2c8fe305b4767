import type { Provider } from '@nestjs/common';
import { PostgresAuditTrail } from '@stuiver/audit';
import { PostgresReviews } from './adapters/postgres/reviews.js';
import { PostgresRisk } from './adapters/postgres/risk.js';
import { riskLimitsOf } from './domain/risk.js';
import type { OrderOptions } from './options.js';
import { AssessRisk } from './use-cases/risk/assess-risk.js';
import { DecideReview } from './use-cases/risk/decide-review.js';
import { KeepBlocks } from './use-cases/risk/keep-blocks.js';

/** The rules that are asked before each payment. */
export function assessRiskOf(options: OrderOptions): AssessRisk {
  const limits = riskLimitsOf(options.riskLimits ?? '');
  if (limits === null) throw new Error('RISK_LIMITS: such as person-attempts=20,new-payee=50000');
  return new AssessRisk(riskRowsOf(options), { clock: options.clock, limits });
}

interface RiskParts {
  readonly reviews: PostgresReviews;
  readonly decideReview: DecideReview;
}

/** What staff do about risk. */
export function riskProviders(options: OrderOptions, parts: RiskParts): Provider[] {
  return [
    { provide: PostgresReviews, useValue: parts.reviews },
    { provide: DecideReview, useValue: parts.decideReview },
    { provide: KeepBlocks, useValue: new KeepBlocks(riskRowsOf(options), options.clock) },
  ];
}

function riskRowsOf({ database, clock }: OrderOptions): PostgresRisk {
  return new PostgresRisk(database, new PostgresAuditTrail('orders', clock));
}
