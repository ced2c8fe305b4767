import { describe, expect, it } from '@jest/globals';
import { disputableUntil } from './finality.js';

const PAID_AT = new Date('2026-11-23T12:00:00.000Z');

describe('until when a payment may be taken back', () => {
  it('is never for iDEAL: it is final', () => {
    expect(disputableUntil('ideal', PAID_AT)).toBeNull();
  });

  it('is 120 days for a card', () => {
    expect(disputableUntil('card', PAID_AT)).toEqual(new Date('2027-03-23T12:00:00.000Z'));
  });
});
