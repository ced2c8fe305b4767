import type { ClientMetadata, Configuration, KoaContextWithOIDC } from 'oidc-provider';
import type { Clock } from '@stuiver/ports';
import type { Database } from '@stuiver/postgres';
import type { Staff } from '../../domain/staff.js';
import { providerSecretsOf } from './derived-keys.js';
import { OidcRecords } from './oidc-records.js';

export interface ProviderOptions {
  readonly database: Database;
  readonly clock: Clock;
  /** Shared by all replicas. */
  readonly secret: Uint8Array;
  readonly publicUrl: string;
  findStaff(id: string): Promise<Staff | undefined>;
  /** What a person sees when a request makes no sense. */
  renderProblem(context: { acceptLanguage: string }): {
    html: string;
    headers: Record<string, string>;
  };
}

export const CLIENT_ID = 'stuiver-consoles';
const SCOPE = 'openid email profile';
/** Time to type a password, and to look for it. */
const INTERACTION_SECONDS = 900;
const CODE_SECONDS = 60;

/** One client, ours; code flow with PKCE; a password each time. */
export function providerConfiguration(options: ProviderOptions): Configuration {
  const secrets = providerSecretsOf(options.secret);
  return {
    adapter: (model) => new OidcRecords(model, options.database, options.clock),
    clients: [consoleClient(secrets.clientSecret, options.publicUrl)],
    jwks: { keys: [{ ...secrets.signingKey }] },
    cookies: {
      keys: [secrets.cookieKey],
      names: {
        session: 'stuiver-oidc',
        interaction: 'stuiver-oidc-login',
        resume: 'stuiver-oidc-resume',
      },
    },
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    scopes: ['openid', 'email', 'profile'],
    conformIdTokenClaims: false,
    responseTypes: ['code'],
    pkce: { required: () => true },
    features: {
      devInteractions: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      userinfo: { enabled: false },
    },
    ttl: {
      AuthorizationCode: CODE_SECONDS,
      AccessToken: CODE_SECONDS,
      IdToken: CODE_SECONDS,
      Grant: INTERACTION_SECONDS,
      Interaction: INTERACTION_SECONDS,
      Session: INTERACTION_SECONDS,
    },
    interactions: { url: (_context, interaction) => `/staff/login/${interaction.uid}` },
    findAccount: async (_context, id) => accountOf(await options.findStaff(id)),
    loadExistingGrant: grantForConsoles,
    renderError: (context) => {
      const acceptLanguage = context.get('accept-language');
      const { html, headers } = options.renderProblem({ acceptLanguage });
      context.set(headers);
      context.body = html;
    },
  };
}

function consoleClient(secret: string, publicUrl: string): ClientMetadata {
  return {
    client_id: CLIENT_ID,
    client_secret: secret,
    redirect_uris: [`${publicUrl}/staff/callback`],
    grant_types: ['authorization_code'],
    response_types: ['code'],
    token_endpoint_auth_method: 'client_secret_basic',
    id_token_signed_response_alg: 'ES256',
  };
}

/** Invitations go by mail, so the address is theirs. */
function accountOf(staff: Staff | undefined) {
  if (staff === undefined || staff.disabledAt !== null) return undefined;
  const { id, email, name } = staff;
  return {
    accountId: id,
    claims: () => Promise.resolve({ sub: id, email, email_verified: true, name }),
  };
}

/** The consoles are part of the house: nobody is asked whether they may know who signed in. */
async function grantForConsoles({ oidc }: KoaContextWithOIDC) {
  const { accountId } = oidc.session ?? {};
  const clientId = oidc.client?.clientId;
  if (accountId === undefined || clientId !== CLIENT_ID) return undefined;
  const grant = new oidc.provider.Grant({ accountId, clientId });
  grant.addOIDCScope(SCOPE);
  await grant.save();
  return grant;
}
