import { timingSafeEqual } from 'node:crypto';
import { Refusal } from '@stuiver/errors';
import type { Random } from '@stuiver/ports';
import { derive } from '../pin-hash.js';
import type { PasswordHash } from './staff-ports.js';

const PASSWORD_CHARACTERS_MIN = 12;
export const PASSWORD_CHARACTERS_MAX = 128;
const SALT_BYTES = 16;

/** @throws Refusal PARAM_ERROR when it is too short, too long, or says who they are. */
export async function hashPassword(
  password: string,
  person: { email: string; name: string },
  random: Random,
): Promise<PasswordHash> {
  const plain = password.normalize('NFC');
  const characters = Array.from(plain).length;
  if (characters < PASSWORD_CHARACTERS_MIN || characters > PASSWORD_CHARACTERS_MAX) {
    const limits = `${String(PASSWORD_CHARACTERS_MIN)} to ${String(PASSWORD_CHARACTERS_MAX)}`;
    throw new Refusal('PARAM_ERROR', { field: 'password', rule: `must have ${limits} characters` });
  }
  if ([person.email, person.name].some((text) => text.toLowerCase() === plain.toLowerCase())) {
    throw new Refusal('PARAM_ERROR', { field: 'password', rule: 'must not be name or address' });
  }
  const salt = random.bytes(SALT_BYTES);
  return { salt, hash: await derive(plain, salt) };
}

export async function isPassword(password: string, stored: PasswordHash): Promise<boolean> {
  return timingSafeEqual(await derive(password.normalize('NFC'), stored.salt), stored.hash);
}
