import type { LookupAddress } from 'node:dns';
import { lookup, Resolver } from 'node:dns/promises';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/** Addresses of a developer's own machine or network: reachable in sandbox only. */
const PRIVATE = blockList(
  ['127.0.0.0/8', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'],
  ['::1/128', 'fc00::/7'],
);
/** Nobody's server: unspecified, shared, link-local (cloud metadata lives there), documentation, benchmark, multicast, reserved. */
const NOWHERE = blockList(
  [
    '0.0.0.0/8', '100.64.0.0/10', '169.254.0.0/16', '192.0.0.0/24', '192.0.2.0/24', '192.88.99.0/24',
    '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4',
  ],
  // Teredo, documentation, 6to4: they smuggle other addresses.
  ['2001::/32', '2001:db8::/32', '2002::/16'],
); // prettier-ignore
const GLOBAL_IPV6 = blockList([], ['2000::/3']);

const LOCALHOST = [
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
] as const;
const NAME_SERVER_MS_MAX = 1_500;

export interface AddressRule {
  /** Sandbox: the merchant's server may be this machine. */
  readonly allowPrivate: boolean;
}

/** True when we may connect to this IP address. */
export function isAllowedAddress(address: string, rule: AddressRule): boolean {
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  if (isIP(address) === 0) return false;
  if (PRIVATE.check(address, family)) return rule.allowPrivate;
  if (NOWHERE.check(address, family)) return false;
  return family === 'ipv4' || GLOBAL_IPV6.check(address, 'ipv6');
}

/** The answer of a name server that points where we must not go. */
export class ForbiddenAddress extends Error {
  override readonly name = 'ForbiddenAddress';
}

/**
 * A look-up for sockets: they connect to exactly the address that was checked, so a name cannot change its mind between
 * check and connect. One forbidden address among several spoils the name.
 */
export function checkedLookup(rule: AddressRule): LookupFunction {
  return (hostname, options, callback) => {
    checkedAddresses(hostname, rule).then(
      ([first, ...others]) => {
        if (options.all === true) callback(null, [first, ...others]);
        else callback(null, first.address, first.family);
      },
      (error: unknown) => {
        callback(error as NodeJS.ErrnoException, '', 0);
      },
    );
  };
}

async function checkedAddresses(
  hostname: string,
  rule: AddressRule,
): Promise<[LookupAddress, ...LookupAddress[]]> {
  const [first, ...others] = await resolve(hostname, rule);
  const forbidden = [first, ...others].find(({ address }) => !isAllowedAddress(address, rule));
  if (forbidden !== undefined) throw new ForbiddenAddress(`${hostname} is ${forbidden.address}`);
  return [first, ...others];
}

/**
 * Asks the name servers ourselves: the system's own look-up holds one of the few threads that signatures are made on,
 * for as long as a dead name server likes. Only a developer's machine falls back to it, for its hosts file.
 */
async function resolve(
  hostname: string,
  rule: AddressRule,
): Promise<[LookupAddress, ...LookupAddress[]]> {
  if (/(^|\.)localhost$/i.test(hostname)) return [...LOCALHOST];
  const resolver = new Resolver({ timeout: NAME_SERVER_MS_MAX, tries: 2 });
  const [ipv4, ipv6] = await Promise.allSettled([
    resolver.resolve4(hostname),
    resolver.resolve6(hostname),
  ]);
  const [first, ...others] = [...addressesOf(ipv4, 4), ...addressesOf(ipv6, 6)];
  if (first !== undefined) return [first, ...others];
  const [local, ...more] = rule.allowPrivate ? await lookup(hostname, { all: true }) : [];
  if (local !== undefined) return [local, ...more];
  throw ipv4.status === 'rejected' ? ipv4.reason : new ForbiddenAddress(`${hostname} is nowhere`);
}

function addressesOf(found: PromiseSettledResult<string[]>, family: 4 | 6): LookupAddress[] {
  return found.status === 'fulfilled' ? found.value.map((address) => ({ address, family })) : [];
}

/** An address written as a number meets no look-up. @throws ForbiddenAddress */
export function refuseForbiddenLiteral(hostname: string, rule: AddressRule): void {
  const bare = hostname.replace(/^\[|\]$/g, '');
  if (isIP(bare) !== 0 && !isAllowedAddress(bare, rule)) throw new ForbiddenAddress(bare);
}

function blockList(ipv4: readonly string[], ipv6: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ipv4) add(list, range, 'ipv4');
  for (const range of ipv6) add(list, range, 'ipv6');
  return list;
}

function add(list: BlockList, range: string, family: 'ipv4' | 'ipv6'): void {
  const [network = '', bits = ''] = range.split('/');
  list.addSubnet(network, Number(bits), family);
}
