import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AddressInfo } from 'node:net';
import { Controller, Get, HttpCode, Module, Param, Post, UseGuards } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { SignJWT } from 'jose';
import { createHttpApp } from '@stuiver/http';
import { type Clock, SilentLog, SystemRandom } from '@stuiver/ports';
import {
  Needs,
  requireMerchant,
  SignedIn,
  STAFF_SESSION_MS,
  type StaffClaims,
  StaffGuard,
  staffProviders,
  StaffSessions,
} from './index.js';

class MovedClock implements Clock {
  movedMs = 0;
  now(): Date {
    return new Date(Date.parse('2026-11-23T10:00:00Z') + this.movedMs);
  }
}

const clock = new MovedClock();
const KEY = new SystemRandom().bytes(32);
const sessions = sessionsAt('https://pay.example');

function sessionsAt(publicUrl: string, key: Uint8Array = KEY): StaffSessions {
  return new StaffSessions({ key, clock, publicUrl, sandbox: false });
}

const PERSON = {
  id: 'stf_1',
  name: 'Femke',
  email: 'femke@example.eu',
  roles: ['finance'],
  merchants: [],
  csrf: 'c'.repeat(43),
} as const;
const CAFE_PERSON = {
  ...PERSON,
  id: 'stf_2',
  roles: ['merchant'],
  merchants: ['1900000001'],
} as const;

@Controller('console')
@UseGuards(StaffGuard)
@Needs('finance')
class ConsoleController {
  @Get('mine')
  @Needs('merchant', 'finance')
  mine(@SignedIn() staff: StaffClaims): object {
    return { name: staff.name };
  }

  @Get('merchants/:mchid')
  @Needs('merchant', 'finance', 'operator')
  merchant(@SignedIn() staff: StaffClaims, @Param('mchid') mchid: string): object {
    requireMerchant(staff, mchid);
    return { mchid };
  }

  @Post('approve')
  @HttpCode(200)
  approve(): object {
    return { ok: true };
  }
}

@Module({ controllers: [ConsoleController], providers: staffProviders(sessions) })
class TryModule {}

let app: NestFastifyApplication;
let base: string;

beforeAll(async () => {
  app = await createHttpApp(TryModule, { log: new SilentLog(), random: new SystemRandom() });
  await app.listen(0, '127.0.0.1');
  base = `http://127.0.0.1:${String((app.getHttpServer().address() as AddressInfo).port)}`;
});

afterAll(() => app.close());

async function ask(
  path: string,
  options: { token?: string; method?: string; headers?: Record<string, string> } = {},
): Promise<{ status: number; body: Record<string, unknown> }> {
  const { token, method = 'GET', headers = {} } = options;
  const cookie = token === undefined ? {} : { cookie: `a=b; ${sessions.cookieName}=${token}` };
  const response = await fetch(`${base}${path}`, { method, headers: { ...cookie, ...headers } });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

const OURS = { origin: 'https://pay.example', 'x-csrf-token': PERSON.csrf };

describe('StaffSessions', () => {
  it('are believed by every service that has the key, for fifteen minutes', async () => {
    const { token, claims } = await sessions.issue(PERSON);
    expect(await sessionsAt('https://pay.example').verify(token)).toEqual(claims);
    expect(claims.exp - claims.iat).toBe(STAFF_SESSION_MS / 1_000);
    clock.movedMs = STAFF_SESSION_MS + 30_000;
    expect(await sessions.verify(token)).toBeUndefined();
    clock.movedMs = 0;
  });

  it('end no later than the sign-in they belong to', async () => {
    const until = new Date(clock.now().getTime() + 60_000);
    const { claims } = await sessions.issue(PERSON, until);
    expect(claims.exp * 1_000).toBe(until.getTime());
  });

  it('are not believed when signed with another key, altered, unsigned or of another kind', async () => {
    const { token } = await sessions.issue(PERSON);
    const [head = '', body = '', signature = ''] = token.split('.');
    const stronger = Buffer.from(
      Buffer.from(body, 'base64url').toString().replace('finance', 'operator'),
    ).toString('base64url');
    const unsigned = Buffer.from('{"alg":"none"}').toString('base64url');
    const otherKind = await new SignJWT({ ...PERSON, roles: ['finance'] })
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuedAt(clock.now())
      .setExpirationTime(new Date(clock.now().getTime() + 60_000))
      .setAudience('something-else')
      .sign(KEY);
    const other = await sessionsAt('https://pay.example', new SystemRandom().bytes(32)).issue(
      PERSON,
    );
    const bad = [
      `${head}.${stronger}.${signature}`,
      `${unsigned}.${body}.`,
      otherKind,
      other.token,
      'x',
      '',
    ];
    for (const forged of bad) expect(await sessions.verify(forged)).toBeUndefined();
  });

  it('have a cookie that only our own origin can set, where there is HTTPS', () => {
    expect(sessions.cookie('t')).toBe(
      '__Host-stuiver-staff=t; Path=/; Max-Age=900; HttpOnly; SameSite=Lax; Secure',
    );
    expect(sessionsAt('http://localhost:8080').cookie('')).toBe(
      'stuiver-staff=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax',
    );
  });
});

describe('StaffGuard', () => {
  it('answers 401 to nobody', async () => {
    const answer = await ask('/console/mine');
    expect(answer).toMatchObject({ status: 401, body: { code: 'NOT_SIGNED_IN' } });
    expect((await ask('/console/mine', { token: 'forged' })).status).toBe(401);
  });

  it('lets in who has one of the roles, and says who they are', async () => {
    const { token } = await sessions.issue(PERSON);
    expect(await ask('/console/mine', { token })).toEqual({ status: 200, body: { name: 'Femke' } });
  });

  it('answers 403 to who has none of them', async () => {
    const { token } = await sessions.issue(CAFE_PERSON);
    const answer = await ask('/console/approve', { token, method: 'POST', headers: OURS });
    expect(answer).toMatchObject({ status: 403, body: { code: 'ROLE_MISSING' } });
  });

  it('hides the merchants of others as if they did not exist', async () => {
    const { token } = await sessions.issue(CAFE_PERSON);
    expect((await ask('/console/merchants/1900000001', { token })).status).toBe(200);
    expect(await ask('/console/merchants/1900000002', { token })).toMatchObject({
      status: 404,
      body: { code: 'NOT_FOUND' },
    });
    const finance = await sessions.issue(PERSON);
    expect((await ask('/console/merchants/1900000002', { token: finance.token })).status).toBe(200);
  });

  it('takes a change only from our own page with the token of the session', async () => {
    const { token } = await sessions.issue(PERSON);
    const post = (headers: Record<string, string>): ReturnType<typeof ask> =>
      ask('/console/approve', { token, method: 'POST', headers });
    expect((await post(OURS)).status).toBe(200);
    const { 'x-csrf-token': csrf } = OURS;
    expect((await post({ 'sec-fetch-site': 'same-origin', 'x-csrf-token': csrf })).status).toBe(
      200,
    );
    const foreign = [
      {},
      { origin: OURS.origin },
      { 'x-csrf-token': csrf },
      { ...OURS, 'x-csrf-token': 'd'.repeat(43) },
      { ...OURS, origin: 'https://evil.example' },
      { ...OURS, origin: 'null', 'sec-fetch-site': 'same-origin' },
      { 'sec-fetch-site': 'same-site', 'x-csrf-token': csrf },
    ];
    for (const headers of foreign) {
      expect(await post(headers)).toMatchObject({ status: 403, body: { code: 'NOT_OUR_PAGE' } });
    }
  });
});
