import { scrypt, timingSafeEqual } from 'node:crypto';
import { Refusal } from '@stuiver/errors';
import type { Random } from '@stuiver/ports';
import type { PinHash } from './people-ports.js';

const PIN = /^\d{6}$/;
const SALT_BYTES = 16;
const HASH_BYTES = 32;
/** 32 MiB and some 80 ms a guess, in the thread pool. */
const COST = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 } as const;

/** @throws Refusal PARAM_ERROR when it is not six digits. */
export async function hashPin(pin: string, random: Random): Promise<PinHash> {
  if (!PIN.test(pin))
    throw new Refusal('PARAM_ERROR', { field: 'pin', rule: 'must be six digits' });
  const salt = random.bytes(SALT_BYTES);
  return { salt, hash: await derive(pin, salt) };
}

export async function isPin(pin: string, stored: PinHash): Promise<boolean> {
  return timingSafeEqual(await derive(pin, stored.salt), stored.hash);
}

/** For PINs and passwords alike. */
export function derive(pin: string, salt: Uint8Array): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    scrypt(pin, salt, HASH_BYTES, COST, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}
