import type { FastifyReply, FastifyRequest } from 'fastify';
import { cookieOf, type StaffClaims, type StaffSessions } from '@stuiver/staff';
import type { Staff } from '../../../domain/staff.js';
import type { StaffSignIns } from '../../../use-cases/staff/staff-sign-ins.js';
import { csrfTokenOf } from '../../oidc/derived-keys.js';

const TRANSACTION_SECONDS = 900;
const RENEWAL_SECONDS = 12 * 3_600;
const TOKEN = /^[\w-]{43}$/;
/** A cookie with less left than this is renewed in passing. */
const FRESH_SECONDS = 300;

/**
 * The cookies of a sign-in: one that every service believes for minutes, one that only this service takes to renew it,
 * and one between leaving for the OpenID provider and coming back.
 */
export class StaffDoor {
  constructor(
    readonly sessions: StaffSessions,
    private readonly signIns: StaffSignIns,
    private readonly key: Uint8Array,
  ) {}

  async open(reply: FastifyReply, staff: Staff): Promise<StaffClaims> {
    const { token, expiresAt } = await this.signIns.open(staff);
    this.set(reply, 'renewal', token, RENEWAL_SECONDS);
    return this.issue(reply, { token, staff, expiresAt });
  }

  /** @returns undefined when nobody is signed in (any more); what is left of it is taken away then. */
  async renew(request: FastifyRequest, reply: FastifyReply): Promise<StaffClaims | undefined> {
    const token = this.tokenOf(request);
    const living = token === undefined ? undefined : await this.signIns.renew(token);
    if (token !== undefined && living !== undefined) return this.issue(reply, { token, ...living });
    this.clear(reply);
    return undefined;
  }

  /** Who is signed in, renewed when the end is near. */
  async find(request: FastifyRequest, reply: FastifyReply): Promise<StaffClaims | undefined> {
    const cookie = cookieOf(request, this.sessions.cookieName);
    const claims = cookie === undefined ? undefined : await this.sessions.verify(cookie);
    const isFresh =
      claims !== undefined && claims.exp - this.sessions.nowSeconds() >= FRESH_SECONDS;
    return isFresh ? claims : this.renew(request, reply);
  }

  async close(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const token = this.tokenOf(request);
    if (token !== undefined) await this.signIns.end(token);
    this.clear(reply);
  }

  /** On record: somebody was not let in. */
  async refuse(refusal: { staffId: string | null; reason: string }): Promise<void> {
    await this.signIns.refused(refusal);
  }

  /** Null when nobody is signed in here. */
  csrfOf(request: FastifyRequest): string | null {
    const token = this.tokenOf(request);
    return token === undefined ? null : csrfTokenOf(this.key, token);
  }

  keepTransaction(reply: FastifyReply, transaction: string): void {
    this.set(reply, 'sign-in', transaction, TRANSACTION_SECONDS);
  }

  /** Good for one return. */
  takeTransaction(request: FastifyRequest, reply: FastifyReply): string | undefined {
    this.set(reply, 'sign-in', '', 0);
    return cookieOf(request, this.nameOf('sign-in'));
  }

  private async issue(
    reply: FastifyReply,
    signIn: { token: string; staff: Staff; expiresAt: Date },
  ): Promise<StaffClaims> {
    const { id, name, email, roles, merchants } = signIn.staff;
    const csrf = csrfTokenOf(this.key, signIn.token);
    const { token, claims } = await this.sessions.issue(
      { id, name, email, roles, merchants, csrf },
      signIn.expiresAt,
    );
    void reply.header('set-cookie', this.sessions.cookie(token));
    return claims;
  }

  private clear(reply: FastifyReply): void {
    void reply.header('set-cookie', this.sessions.cookie(''));
    this.set(reply, 'renewal', '', 0);
  }

  private tokenOf(request: FastifyRequest): string | undefined {
    const token = cookieOf(request, this.nameOf('renewal'));
    return token !== undefined && TOKEN.test(token) ? token : undefined;
  }

  private nameOf(kind: 'renewal' | 'sign-in'): string {
    return `${this.sessions.cookieName}-${kind}`;
  }

  private set(
    reply: FastifyReply,
    kind: 'renewal' | 'sign-in',
    value: string,
    seconds: number,
  ): void {
    // The provider sends the browser back across sites; nobody else's page needs the renewal.
    const sameSite = kind === 'renewal' ? 'Strict' : 'Lax';
    const secure = this.sessions.isSecure ? '; Secure' : '';
    const life = `Path=/; Max-Age=${String(seconds)}; HttpOnly; SameSite=${sameSite}${secure}`;
    void reply.header('set-cookie', `${this.nameOf(kind)}=${value}; ${life}`);
  }
}
