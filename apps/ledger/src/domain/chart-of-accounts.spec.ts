import { describe, expect, it } from '@jest/globals';
import { CHART_OF_ACCOUNTS, placementOf } from './chart-of-accounts.js';

describe('the chart of accounts', () => {
  it('finds each of its own rows', () => {
    for (const row of CHART_OF_ACCOUNTS) {
      const code = row.pattern.replaceAll(/\{[a-z]+\}/g, 'x1');
      expect(placementOf(code)).toMatchObject({ normalSide: row.normalSide, floor: row.floor });
    }
  });

  it('names the owner', () => {
    expect(placementOf('user:usr_1:wallet')?.owner).toBe('user:usr_1');
    expect(placementOf('merchant:1900000001:pending')?.owner).toBe('merchant:1900000001');
    expect(placementOf('psp:stripe:balance')?.owner).toBe('operator');
    expect(placementOf('psp:stripe:acct:1900000001')?.owner).toBe('operator');
  });

  it('lets suspense take anything, but late money only what is there', () => {
    expect(placementOf('suspense:top-up')?.floor).toBe('none');
    expect(placementOf('suspense:late-success')?.floor).toBe('zero');
  });

  it.each([
    '',
    'user::wallet',
    'user:a:wallet:x',
    'user:a,b:wallet',
    'user:a"b:wallet',
    'user:a b:wallet',
    'USER:a:wallet',
    'bank:{x}',
    `bank:${'x'.repeat(65)}`,
    'bank:x\n',
  ])('has no account %j', (code) => {
    expect(placementOf(code)).toBeUndefined();
  });
});
