import { describe, expect, it } from '@jest/globals';
import type { LookupAddress } from 'node:dns';
import { checkedLookup, isAllowedAddress, refuseForbiddenLiteral } from './address.js';

const LIVE = { allowPrivate: false };
const SANDBOX = { allowPrivate: true };

describe('an address', () => {
  it.each([
    '127.0.0.1',
    '127.9.9.9',
    '10.1.2.3',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '::1',
    'fd00::1',
  ])('%s is called in sandbox only', (address) => {
    expect(isAllowedAddress(address, SANDBOX)).toBe(true);
    expect(isAllowedAddress(address, LIVE)).toBe(false);
  });

  it.each([
    '0.0.0.0',
    '169.254.169.254',
    '100.64.0.1',
    '192.0.2.1',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    'fe80::1',
    'ff02::1',
    '::ffff:169.254.169.254',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    '2001:db8::1',
    'cafe',
  ])('%s is never called', (address) => {
    expect(isAllowedAddress(address, SANDBOX)).toBe(false);
    expect(isAllowedAddress(address, LIVE)).toBe(false);
  });

  it.each(['::ffff:127.0.0.1', '::ffff:10.0.0.1'])(
    '%s, an IPv4 address in disguise, is not called live',
    (address) => {
      expect(isAllowedAddress(address, LIVE)).toBe(false);
    },
  );

  it.each(['93.184.215.14', '172.32.0.1', '2606:2800:21f:cb07:6820:80da:af6b:8b2c'])(
    '%s is called',
    (address) => {
      expect(isAllowedAddress(address, LIVE)).toBe(true);
    },
  );

  it('written as a number in a URL is checked as well, in every spelling', () => {
    for (const url of [
      'http://127.0.0.1/',
      'http://2130706433/',
      'http://0x7f.1/',
      'http://[::1]/',
      'http://[::ffff:7f00:1]/',
    ]) {
      expect(() => {
        refuseForbiddenLiteral(new URL(url).hostname, LIVE);
      }).toThrow();
    }
  });
});

describe('a name', () => {
  function look(name: string, rule: typeof LIVE): Promise<string | LookupAddress[]> {
    return new Promise((resolve, reject) => {
      checkedLookup(rule)(name, { all: true }, (error, address) => {
        if (error === null) resolve(address);
        else reject(error);
      });
    });
  }

  it('of this machine is looked up in sandbox and refused live', async () => {
    expect(await look('localhost', SANDBOX)).toContainEqual({ address: '127.0.0.1', family: 4 });
    await expect(look('localhost', LIVE)).rejects.toThrow('localhost is 127.0.0.1');
    await expect(look('cafe.localhost', LIVE)).rejects.toThrow('127.0.0.1');
  });
});
