import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createHttpApp } from '@stuiver/http';
import { SilentLog } from '@stuiver/ports';
import type { OrderOptions } from '../options.js';
import { OrderModule } from '../order.module.js';
import { Browser, type Visit } from '@stuiver/testing';
import type { OrderWorld } from './order-world.js';

export const PASSWORD = 'een heel lang wachtwoord';

/** The provider names its own address in what it signs, so the port is chosen before anyone listens. */
export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** The service with its sign-in, listening. */
export class StaffApp {
  private constructor(
    readonly app: NestFastifyApplication,
    readonly publicUrl: string,
    /** Where this very process listens. */
    readonly address: string,
  ) {}

  static async start(
    world: OrderWorld,
    over: Partial<OrderOptions> & { readonly port?: number } = {},
  ): Promise<StaffApp> {
    const { port = await freePort(), ...options } = over;
    const address = `http://127.0.0.1:${String(port)}`;
    const publicUrl = options.publicUrl ?? `http://localhost:${String(port)}`;
    const module = OrderModule.with({ ...world.options, ...options, publicUrl });
    const app = await createHttpApp(module, { log: new SilentLog(), random: world.random });
    await app.listen(port, '127.0.0.1');
    return new StaffApp(app, publicUrl, address);
  }

  browser(): Browser {
    return new Browser(this.publicUrl, (origin) =>
      origin === this.publicUrl ? this.address : origin,
    );
  }

  async operator(method: string, path: string, json?: unknown): Promise<Visit> {
    const headers = { authorization: 'Bearer operator' };
    return this.browser().ask(method, path, { headers, ...(json === undefined ? {} : { json }) });
  }

  /** Invites and lets them choose a password. @returns the staff id. */
  async newStaff(person: {
    email: string;
    name?: string;
    roles: readonly string[];
    merchants?: readonly string[];
  }): Promise<string> {
    const body = { name: 'Femke', merchants: [], ...person };
    const invited = jsonOf(await this.operator('POST', '/operator/staff', body));
    const token = tokenOf(String(invited['invitation_url']));
    const browser = this.browser();
    await browser.ask('POST', '/staff/invitation', { form: { token, password: PASSWORD } });
    return String(invited['staff_id']);
  }

  /** A browser in which this person is signed in. */
  async signedIn(email: string): Promise<Browser> {
    const browser = this.browser();
    const end = await signIn(browser, { email, password: PASSWORD });
    if (browser.cookie('stuiver-staff') === undefined) {
      throw new Error(`not signed in: ${String(end.status)} ${end.text}`);
    }
    return browser;
  }

  close(): Promise<void> {
    return this.app.close();
  }
}

/** From a console's link to wherever it ends. */
export async function signIn(
  browser: Browser,
  who: { email: string; password: string },
  returnTo = '/sandbox/mail',
): Promise<Visit> {
  const form = await browser.go('GET', `/staff/sign-in?return_to=${encodeURIComponent(returnTo)}`);
  return browser.go('POST', form.url.href, { form: who });
}

export function tokenOf(invitationUrl: string): string {
  return new URL(invitationUrl).searchParams.get('token') ?? '';
}

export function jsonOf(visit: Visit): Record<string, unknown> {
  return JSON.parse(visit.text) as Record<string, unknown>;
}
