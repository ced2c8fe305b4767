import type { SettlementTermsAnswer } from '@stuiver/console-api';
import type { KeptTerms } from '../postgres/settlement-terms.js';

export function presentTerms({
  version,
  terms,
  reason,
  byName,
  at,
}: KeptTerms): SettlementTermsAnswer {
  const { every, onDay, minimum } = terms;
  return {
    ...{ version, every, onDay, minimumMinor: String(minimum.minor), currency: 'EUR' },
    ...{ reason, byName, at: at?.toISOString() ?? null },
  };
}
