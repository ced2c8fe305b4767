import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BLOCK_KINDS, judge, NO_RISK_LIMITS, type RiskFacts, riskLimitsOf } from './risk.js';

const CALM: RiskFacts = {
  ...{ blocked: [], amountMinor: 1_000n, personAttempts: 0, personDeclines: 0 },
  ...{ sourceAttempts: 0, merchantAttempts: 0, hasPaidMerchant: true },
};
const count = fc.nat({ max: 50 });
const limit = fc.option(fc.integer({ min: 1, max: 40 }));
const anyFacts = fc.record({
  blocked: fc.subarray([...BLOCK_KINDS]),
  amountMinor: fc.bigInt({ min: 1n, max: 1_000_000n }),
  ...{ personAttempts: count, personDeclines: count },
  ...{ sourceAttempts: count, merchantAttempts: count, hasPaidMerchant: fc.boolean() },
});
const anyLimits = fc.record({
  ...{ personAttempts: limit, personDeclines: limit },
  ...{ sourceAttempts: limit, merchantAttempts: limit },
  newPayeeMinor: fc.option(fc.bigInt({ min: 1n, max: 1_000_000n })),
});
const HARDNESS = { allow: 0, review: 1, refuse: 2 };

describe('the rules of risk', () => {
  it('let everybody pay who is not blocked, as long as no limit is set', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        expect(judge({ ...facts, blocked: [] }, NO_RISK_LIMITS)).toEqual({ kind: 'allow' });
      }),
    );
  });

  it('refuse whoever is blocked, and nobody else', () => {
    fc.assert(
      fc.property(anyFacts, anyLimits, (facts, limits) => {
        expect(judge(facts, limits).kind === 'refuse').toBe(facts.blocked.length > 0);
      }),
    );
  });

  it('never become milder when more happened', () => {
    fc.assert(
      fc.property(anyFacts, anyFacts, anyLimits, (facts, more, limits) => {
        const worse: RiskFacts = {
          blocked: [...facts.blocked, ...more.blocked],
          amountMinor: facts.amountMinor + more.amountMinor,
          personAttempts: facts.personAttempts + more.personAttempts,
          personDeclines: facts.personDeclines + more.personDeclines,
          sourceAttempts: facts.sourceAttempts + more.sourceAttempts,
          merchantAttempts: facts.merchantAttempts + more.merchantAttempts,
          hasPaidMerchant: facts.hasPaidMerchant && more.hasPaidMerchant,
        };
        const before = HARDNESS[judge(facts, limits).kind];
        expect(HARDNESS[judge(worse, limits).kind]).toBeGreaterThanOrEqual(before);
      }),
    );
  });

  it('name each rule that applied, once, with its version', () => {
    fc.assert(
      fc.property(anyFacts, anyLimits, (facts, limits) => {
        const verdict = judge(facts, limits);
        const reasons = verdict.kind === 'allow' ? [] : verdict.reasons;
        expect(new Set(reasons).size).toBe(reasons.length);
        for (const reason of reasons) expect(reason).toMatch(/^[a-z]+(-[a-z]+)*\/[1-9]$/);
        expect(verdict.kind === 'allow').toBe(reasons.length === 0);
      }),
    );
  });

  it.each([
    ['the one after the limit', { personAttempts: 3 }, 'review'],
    ['one within the limit', { personAttempts: 2 }, 'allow'],
    ['a first payment above the amount', { hasPaidMerchant: false, amountMinor: 5_001n }, 'review'],
    ['a first payment of the amount', { hasPaidMerchant: false, amountMinor: 5_000n }, 'allow'],
    ['a later payment of any amount', { amountMinor: 900_000n }, 'allow'],
  ])('count to the limit: %s', (_what, over: Partial<RiskFacts>, kind) => {
    const limits = { ...NO_RISK_LIMITS, personAttempts: 3, newPayeeMinor: 5_000n };
    expect(judge({ ...CALM, ...over }, limits).kind).toBe(kind);
  });
});

describe('the setting of limits', () => {
  it('reads what it names and leaves the rest out of use', () => {
    expect(riskLimitsOf('person-attempts=20, new-payee=50000')).toEqual({
      ...NO_RISK_LIMITS,
      personAttempts: 20,
      newPayeeMinor: 50_000n,
    });
    expect(riskLimitsOf('none')).toEqual(NO_RISK_LIMITS);
  });

  it.each(['person-attempts', 'person-attempts=0', 'constructor=1', 'new-payee=1,new-payee=2'])(
    'refuses %s',
    (text) => {
      expect(riskLimitsOf(text)).toBeNull();
    },
  );
});
