import type { FastifyReply, FastifyRequest } from 'fastify';
import { Refusal } from '@stuiver/errors';
import type { PageOptions } from './page-options.js';
import { SESSION_LIFE_MS, type Sessions } from '../../use-cases/sessions.js';

const SESSION_COOKIE = 'stuiver_session';
const TOKEN = /^[0-9A-Za-z_-]{20,64}$/;
const LOOPBACK_HOST = /^(127\.0\.0\.1|localhost)(:\d{1,5})?$/;

/** Finds out who sent a request: by `Authorization: Bearer`, or by our own page's cookie. */
export class PayerSession {
  constructor(
    private readonly sessions: Sessions,
    private readonly options: Pick<PageOptions, 'publicUrl' | 'sandbox'>,
  ) {}

  /** @throws Refusal NOT_SIGNED_IN; NO_AUTH when another site's page sent the cookie along */
  async payerOf(request: FastifyRequest): Promise<string> {
    const userId = await this.find(request);
    if (userId !== undefined) return userId;
    throw new Refusal('NOT_SIGNED_IN', { rule: 'a session is needed, by cookie or bearer token' });
  }

  async find(request: FastifyRequest): Promise<string | undefined> {
    const token = this.tokenOf(request);
    return token === undefined ? undefined : this.sessions.userOf(token);
  }

  tokenOf(request: FastifyRequest): string | undefined {
    const bearer = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1];
    if (bearer !== undefined) return TOKEN.test(bearer) ? bearer : undefined;
    const cookie = cookieOf(request);
    if (cookie !== undefined) this.checkOrigin(request);
    return cookie;
  }

  /** A browser sends our cookie whoever's page asked: what changes something must come from our own. */
  checkOrigin(request: FastifyRequest): void {
    if (request.method === 'GET' || request.method === 'HEAD') return;
    const { origin } = request.headers;
    if (origin === this.options.publicUrl || this.isSameLoopback(request, origin)) return;
    throw new Refusal('NO_AUTH', {
      field: 'Origin',
      rule: 'must be our own page, when the session comes by cookie',
    });
  }

  open(reply: FastifyReply, token: string): void {
    this.setCookie(reply, token, Math.floor(SESSION_LIFE_MS / 1_000));
  }

  close(reply: FastifyReply): void {
    this.setCookie(reply, '', 0);
  }

  private setCookie(reply: FastifyReply, token: string, maxAgeSeconds: number): void {
    const secure = this.options.publicUrl.startsWith('https:') ? '; Secure' : '';
    const life = `Path=/; Max-Age=${String(maxAgeSeconds)}; HttpOnly; SameSite=Lax${secure}`;
    void reply.header('set-cookie', `${SESSION_COOKIE}=${token}; ${life}`);
  }

  /** In sandbox the pages answer under 127.0.0.1 as well. */
  private isSameLoopback(request: FastifyRequest, origin: string | undefined): boolean {
    const { host = '' } = request.headers;
    return this.options.sandbox && LOOPBACK_HOST.test(host) && origin === `http://${host}`;
  }
}

function cookieOf(request: FastifyRequest): string | undefined {
  for (const part of (request.headers.cookie ?? '').split(';')) {
    const [name, value = ''] = part.trim().split('=', 2);
    if (name === SESSION_COOKIE && TOKEN.test(value)) return value;
  }
  return undefined;
}
