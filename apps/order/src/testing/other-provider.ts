import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Provider } from 'oidc-provider';
import type { OidcOptions } from '../options.js';

interface Account {
  readonly email?: string;
  readonly email_verified?: boolean;
  readonly name: string;
}

/** An OpenID provider of somebody else's: another address, RS256, its own accounts, and no page in between. */
export class OtherProvider {
  /** Who sits at the browser; null: they press cancel. */
  person: Account | null = { name: 'Nobody' };
  isDead = false;

  private constructor(
    private readonly server: Server,
    readonly options: OidcOptions,
  ) {}

  /** @param callback  where it may send browsers back to. */
  static async start(callback: string): Promise<OtherProvider> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const issuer = `http://127.0.0.1:${String(port)}`;
    const other = new OtherProvider(server, {
      ...{ issuer, clientId: 'stuiver', clientSecret: 'a secret of the organisation' },
    });
    other.answer(callback);
    return other;
  }

  async close(): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, 'close');
  }

  private answer(callback: string): void {
    const provider = this.provider(callback);
    const listener = provider.callback();
    this.server.on('request', (request, response) => {
      if (this.isDead) {
        request.socket.destroy();
        return;
      }
      if (!(request.url ?? '').startsWith('/interaction/')) {
        void listener(request, response);
        return;
      }
      const result =
        this.person === null
          ? { error: 'access_denied', error_description: 'cancelled' }
          : { login: { accountId: JSON.stringify(this.person) } };
      void provider.interactionFinished(request, response, result);
    });
  }

  private provider(callback: string): Provider {
    const { issuer, clientId, clientSecret } = this.options;
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    return new Provider(issuer, {
      clients: [
        {
          ...{ client_id: clientId, client_secret: clientSecret },
          ...{ redirect_uris: [callback], response_types: ['code'] },
        },
      ],
      jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), alg: 'RS256', use: 'sig' }] },
      cookies: { keys: ['a cookie key of the organisation'] },
      claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
      conformIdTokenClaims: false,
      features: { devInteractions: { enabled: false } },
      interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
      findAccount: (_context, id) => ({
        accountId: id,
        claims: () => ({ ...(JSON.parse(id) as object), sub: id }),
      }),
      loadExistingGrant: async ({ oidc }) => {
        const grant = new oidc.provider.Grant({
          accountId: oidc.session?.accountId ?? '',
          clientId,
        });
        grant.addOIDCScope('openid email profile');
        await grant.save();
        return grant;
      },
    });
  }
}
