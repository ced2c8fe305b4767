import {
  type CanActivate,
  createParamDecorator,
  type ExecutionContext,
  Inject,
  Injectable,
  type Provider,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import type { StaffRole } from '@stuiver/console-api';
import { invariant, Refusal } from '@stuiver/errors';
import { actAs } from '@stuiver/ports';
import { requireRole, type StaffClaims } from './claims.js';
import { cookieOf } from './cookie.js';
import { requireCsrfToken, requireOwnPage } from './own-page.js';
import { type StaffSessions } from './staff-sessions.js';

export const STAFF_SESSIONS = Symbol('STAFF_SESSIONS');

const claimsOfRequests = new WeakMap<object, StaffClaims>();
const rolesOf = Reflector.createDecorator<readonly StaffRole[]>();

/** `@Needs('finance', 'operator')` on a method or a controller: one of these roles; the method's word is the last. */
export function Needs(...roles: readonly StaffRole[]): MethodDecorator & ClassDecorator {
  return rolesOf(roles);
}

/**
 * Lets in staff who are signed in and have a role that `@Needs` names; without `@Needs`, everyone of the staff.
 * What changes something must come from our own page, with the session's token.
 *
 * @throws Refusal NOT_SIGNED_IN, ROLE_MISSING, NOT_OUR_PAGE
 */
@Injectable()
export class StaffGuard implements CanActivate {
  private readonly reflector = new Reflector();

  constructor(@Inject(STAFF_SESSIONS) private readonly sessions: StaffSessions) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const claims = await this.claimsOf(request);
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      requireOwnPage(request, this.sessions);
      requireCsrfToken(request, claims.csrf);
    }
    const targets = [context.getHandler(), context.getClass()];
    const needs = this.reflector.getAllAndOverride(rolesOf, targets) as
      readonly StaffRole[] | undefined;
    if (needs !== undefined) requireRole(claims, needs);
    claimsOfRequests.set(request.raw, claims);
    actAs({ kind: 'staff', id: claims.id });
    return true;
  }

  private async claimsOf(request: FastifyRequest): Promise<StaffClaims> {
    const token = cookieOf(request, this.sessions.cookieName);
    const claims = token === undefined ? undefined : await this.sessions.verify(token);
    if (claims !== undefined) return claims;
    throw new Refusal('NOT_SIGNED_IN', { rule: 'sign in, or renew the session' });
  }
}

/** `@SignedIn() staff: StaffClaims` behind the StaffGuard. */
export const SignedIn = createParamDecorator(
  (_data: unknown, context: ExecutionContext): StaffClaims => {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const claims = claimsOfRequests.get(request.raw);
    invariant(claims !== undefined, 'who asks for the signed-in person stands behind the guard');
    return claims;
  },
);

/** What a module with guarded controllers provides. */
export function staffProviders(sessions: StaffSessions): Provider[] {
  return [{ provide: STAFF_SESSIONS, useValue: sessions }, StaffGuard];
}
