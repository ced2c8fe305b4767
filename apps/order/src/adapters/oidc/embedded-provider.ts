import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Provider } from 'oidc-provider';
import { invariant } from '@stuiver/errors';
import { providerSecretsOf } from './derived-keys.js';
import {
  CLIENT_ID,
  providerConfiguration,
  type ProviderOptions,
} from './provider-configuration.js';
import type { ProviderAddress } from './relying-party.js';

const MOUNT = '/oidc';

interface Opened {
  readonly provider: Provider;
  readonly callback: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
}

/** The OpenID provider for whoever has none: staff with passwords, under `/oidc` of this very process. */
export class EmbeddedProvider {
  private readonly issuer: URL;
  private opened: Promise<Opened> | undefined;
  private backChannel: Promise<Server> | undefined;

  constructor(private readonly options: ProviderOptions) {
    this.issuer = new URL(`${options.publicUrl}${MOUNT}`);
  }

  /** How we reach it ourselves: past proxies and public names, which a process need not be able to reach. */
  get address(): ProviderAddress {
    return {
      issuer: this.issuer.href,
      clientId: CLIENT_ID,
      clientSecret: providerSecretsOf(this.options.secret).clientSecret,
      signingAlgorithm: 'ES256',
      // Signing out must not be undone by a session that this provider still has.
      prompt: 'login',
      fetch: async (url, options) => {
        invariant(
          url.startsWith(this.issuer.href),
          'the built-in provider answers under its own address',
        );
        this.backChannel ??= this.openBackChannel();
        const { port } = (await this.backChannel).address() as AddressInfo;
        const path = url.slice(this.issuer.href.length);
        const { body, ...rest } = options;
        const init = body === undefined ? rest : { ...rest, body };
        return fetch(`http://127.0.0.1:${String(port)}${path}`, init);
      },
    };
  }

  isMine(url: string): boolean {
    return url.startsWith(`${MOUNT}/`);
  }

  /** Answers a request for `/oidc/…`. Its body must not have been read. */
  handle(request: IncomingMessage, response: ServerResponse): void {
    const url = request.url ?? '/';
    const path = this.isMine(url) ? url.slice(MOUNT.length) : url;
    this.answer(request, response, path).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : undefined);
    });
  }

  /** Which sign-in this login page is for. @throws Error when it is over or of another browser */
  async loginOf(request: IncomingMessage, response: ServerResponse): Promise<{ uid: string }> {
    const { provider } = await this.open();
    const { uid, prompt } = await provider.interactionDetails(request, response);
    invariant(prompt.name === 'login', 'nothing is asked but who it is');
    return { uid };
  }

  /** The password was right. @returns where the browser goes on. */
  async finishLogin(
    request: IncomingMessage,
    response: ServerResponse,
    staffId: string,
  ): Promise<string> {
    const { provider } = await this.open();
    return provider.interactionResult(request, response, { login: { accountId: staffId } });
  }

  async close(): Promise<void> {
    const server = await this.backChannel;
    if (server === undefined) return;
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  }

  private async answer(
    request: IncomingMessage,
    response: ServerResponse,
    path: string,
  ): Promise<void> {
    const { headers } = request;
    headers.host = this.issuer.host;
    headers['x-forwarded-proto'] = this.issuer.protocol.slice(0, -1);
    delete headers['x-forwarded-host'];
    Object.assign(request, { url: path, originalUrl: `${MOUNT}${path}` });
    const { callback } = await this.open();
    await callback(request, response);
  }

  /** Loaded when somebody signs in: not every process ever does that, nor every command that is typed. */
  private open(): Promise<Opened> {
    this.opened ??= import('oidc-provider').then(({ Provider: Made }) => {
      const provider = new Made(this.issuer.href, providerConfiguration(this.options));
      // The headers it is to believe are set by us.
      provider.proxy = true;
      return { provider, callback: provider.callback() };
    });
    return this.opened;
  }

  private async openBackChannel(): Promise<Server> {
    const server = createServer((request, response) => {
      this.handle(request, response);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    server.unref();
    return server;
  }
}
