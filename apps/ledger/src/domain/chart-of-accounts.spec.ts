import { describe, expect, it } from '@jest/globals';
import { CHART_OF_ACCOUNTS, placementOf } from './chart-of-accounts.js';

describe('the chart of accounts', () => {
  it('finds each of its own rows', () => {
    for (const row of CHART_OF_ACCOUNTS) {
      const code = row.pattern.replaceAll(/\{[a-z]+\}/g, 'x1');
      expect(placementOf(code)).toMatchObject({ normalSide: row.normalSide, floor: row.floor });
    }
  });

  // Said a second time: an account whose side, floor or owner changes is another promise to somebody.
  it.each([
    'psp:x1:balance debit none operator',
    'psp:x1:transit debit none operator',
    'psp:x1:acct:x2 debit none operator',
    'bank:x1 debit none operator',
    'user:x1:wallet credit zero user:x1',
    'user:x1:payout credit zero user:x1',
    'merchant:x1:pending credit zero-for-asks merchant:x1',
    'merchant:x1:frozen credit zero merchant:x1',
    'merchant:x1:available credit zero merchant:x1',
    'merchant:x1:reserve credit zero merchant:x1',
    'merchant:x1:payout credit zero merchant:x1',
    'refund:transit credit zero operator',
    'suspense:late-success credit zero operator',
    'suspense:x1 credit none operator',
    'tax:vat credit none operator',
    'fees:income credit none operator',
    'fees:psp debit none operator',
    'loss:x1 debit none operator',
    'equity:operator credit none operator',
  ])('says %s', (line) => {
    const [code = '', normalSide, floor, owner] = line.split(' ');
    expect(placementOf(code)).toEqual({ normalSide, floor, owner });
  });

  it('has no more rows than these', () => {
    expect(CHART_OF_ACCOUNTS).toHaveLength(19);
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
