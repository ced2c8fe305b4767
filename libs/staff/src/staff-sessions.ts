import { jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import { errorCode, invariant } from '@stuiver/errors';
import type { Clock } from '@stuiver/ports';
import type { StaffClaims } from './claims.js';

/** How long a cookie is believed without asking the service that issued it. */
export const STAFF_SESSION_MS = 15 * 60_000;

const KEY_BYTES = 32;
const ALGORITHM = 'HS256';
const AUDIENCE = 'stuiver-staff';
/** Clocks of two services differ by less. */
const CLOCK_SECONDS_MAX = 10;

const Claims = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string(),
  roles: z.array(z.enum(['cashier', 'merchant', 'finance', 'operator'])),
  merchants: z.array(z.string()),
  csrf: z.string().min(20),
  iat: z.number(),
  exp: z.number(),
});

export interface StaffSessionOptions {
  /** 32 bytes that the services share, and nobody else has. */
  readonly key: Uint8Array;
  readonly clock: Clock;
  /** Origin of the consoles, such as `https://pay.example`. No slash at the end. */
  readonly publicUrl: string;
  /** In sandbox the consoles answer under every loopback name. */
  readonly sandbox: boolean;
}

/** Who of the staff is here, as a signed token that every service checks by itself. */
export class StaffSessions {
  readonly publicUrl: string;
  readonly sandbox: boolean;
  /** The prefix makes browsers refuse it from a subdomain or over plain HTTP. */
  readonly cookieName: string;
  private readonly clock: Clock;
  private readonly key: Uint8Array;

  constructor(options: StaffSessionOptions) {
    invariant(options.key.length === KEY_BYTES, 'the staff key has 32 bytes');
    this.key = options.key;
    this.clock = options.clock;
    this.publicUrl = options.publicUrl;
    this.sandbox = options.sandbox;
    this.cookieName = this.isSecure ? '__Host-stuiver-staff' : 'stuiver-staff';
  }

  get isSecure(): boolean {
    return this.publicUrl.startsWith('https:');
  }

  /** By the clock that claims are judged by. */
  nowSeconds(): number {
    return toSeconds(this.clock.now().getTime());
  }

  /** @param until  not believed after this moment, nor after STAFF_SESSION_MS. */
  async issue(
    who: Omit<StaffClaims, 'iat' | 'exp'>,
    until?: Date,
  ): Promise<{ token: string; claims: StaffClaims }> {
    const now = this.clock.now().getTime();
    const end = Math.min(now + STAFF_SESSION_MS, until?.getTime() ?? Infinity);
    const claims = { ...who, iat: toSeconds(now), exp: toSeconds(end) };
    const token = await new SignJWT({ ...claims, roles: [...who.roles] })
      .setProtectedHeader({ alg: ALGORITHM })
      .setAudience(AUDIENCE)
      .sign(this.key);
    return { token, claims };
  }

  /** @returns undefined when it is not ours, was altered, or is over. */
  async verify(token: string): Promise<StaffClaims | undefined> {
    try {
      const { payload } = await jwtVerify(token, this.key, {
        algorithms: [ALGORITHM],
        audience: AUDIENCE,
        requiredClaims: ['iat', 'exp'],
        currentDate: this.clock.now(),
        clockTolerance: CLOCK_SECONDS_MAX,
      });
      return Claims.parse(payload);
    } catch (error) {
      if (errorCode(error)?.startsWith('ERR_J') === true) return undefined;
      throw error;
    }
  }

  /** The `Set-Cookie` of a token; the empty one takes it away. */
  cookie(token: string): string {
    const life = token === '' ? 0 : STAFF_SESSION_MS / 1_000;
    const secure = this.isSecure ? '; Secure' : '';
    return `${this.cookieName}=${token}; Path=/; Max-Age=${String(life)}; HttpOnly; SameSite=Lax${secure}`;
  }
}

function toSeconds(ms: number): number {
  return Math.floor(ms / 1_000);
}
