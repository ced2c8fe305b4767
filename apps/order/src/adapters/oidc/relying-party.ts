import {
  allowInsecureRequests,
  AuthorizationResponseError,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  ClientSecretBasic,
  type Configuration,
  customFetch,
  type CustomFetchOptions,
  discovery,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from 'openid-client';
import { z } from 'zod';
import type { Clock, KeyStore } from '@stuiver/ports';

/** Where staff sign in. */
export interface ProviderAddress {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Expected of its ID tokens; RS256 or whatever it says itself when absent. */
  readonly signingAlgorithm?: string;
  readonly prompt?: 'login';
  readonly fetch?: (url: string, options: CustomFetchOptions) => Promise<Response>;
}

/** Kept by the browser, sealed, between leaving for the provider and coming back. */
const Transaction = z.strictObject({
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  returnTo: z.string(),
  until: z.number(),
});

const IdentityClaims = z.looseObject({
  email: z.string().optional(),
  email_verified: z.union([z.boolean(), z.enum(['true', 'false'])]).optional(),
});

export interface Identity {
  /** As the provider spells it; null when it tells none, or nobody checked that it is theirs. */
  readonly email: string | null;
  readonly returnTo: string;
}

export type FailedSignIn = 'over' | 'refused' | 'provider';

/** Coming back did not work. `over`: start again. `refused`: by the person or the provider. `provider`: does not answer. */
export class SignInFailed extends Error {
  override readonly name = 'SignInFailed';

  constructor(
    readonly reason: FailedSignIn,
    options?: { cause: unknown },
  ) {
    super(`sign-in failed: ${reason}`, options);
  }
}

const TRANSACTION_MS = 15 * 60_000;
const PROVIDER_SECONDS_MAX = 10;
const SCOPE = 'openid email profile';
const PURPOSE = 'staff-sign-in';

/** We, as seen by the OpenID provider: code flow with PKCE, state and nonce. */
export class RelyingParty {
  private configuration: Promise<Configuration> | undefined;

  constructor(
    private readonly address: ProviderAddress,
    private readonly tools: {
      publicUrl: string;
      keys: Pick<KeyStore, 'seal' | 'open'>;
      clock: Clock;
    },
  ) {}

  /** @throws SignInFailed `provider` */
  async start(returnTo: string): Promise<{ url: URL; transaction: string }> {
    const configuration = await this.discover();
    const [state, nonce, verifier] = [randomState(), randomNonce(), randomPKCECodeVerifier()];
    const url = buildAuthorizationUrl(configuration, {
      redirect_uri: this.redirectUri,
      scope: SCOPE,
      code_challenge: await calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      ...{ state, nonce },
      ...(this.address.prompt === undefined ? {} : { prompt: this.address.prompt }),
    });
    const until = this.tools.clock.now().getTime() + TRANSACTION_MS;
    return { url, transaction: await this.seal({ state, nonce, verifier, returnTo, until }) };
  }

  /**
   * @param query  what the provider sent the browser back with, from the question mark on.
   * @throws SignInFailed
   */
  async finish(transaction: string, query: string): Promise<Identity> {
    const { state, nonce, verifier, returnTo } = await this.open(transaction);
    const configuration = await this.discover();
    const claims = await authorizationCodeGrant(
      configuration,
      new URL(`${this.redirectUri}${query}`),
      {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: verifier,
        idTokenExpected: true,
      },
    ).then((tokens) => tokens.claims(), refuse);
    const { email, email_verified: verified } = IdentityClaims.parse(claims);
    const isTheirs = verified === true || verified === 'true';
    return { email: isTheirs ? (email ?? null) : null, returnTo };
  }

  private get redirectUri(): string {
    return `${this.tools.publicUrl}/staff/callback`;
  }

  private async seal(transaction: z.infer<typeof Transaction>): Promise<string> {
    const plain = Buffer.from(JSON.stringify(transaction));
    return Buffer.from(await this.tools.keys.seal(PURPOSE, plain)).toString('base64url');
  }

  private async open(transaction: string): Promise<z.infer<typeof Transaction>> {
    const sealed = Buffer.from(transaction, 'base64url');
    const plain = await this.tools.keys.open(PURPOSE, sealed).catch((error: unknown) => {
      throw new SignInFailed('over', { cause: error });
    });
    const opened = Transaction.parse(JSON.parse(Buffer.from(plain).toString()));
    if (opened.until > this.tools.clock.now().getTime()) return opened;
    throw new SignInFailed('over');
  }

  /** Asked once; asked again when it failed. */
  private async discover(): Promise<Configuration> {
    this.configuration ??= this.ask();
    try {
      return await this.configuration;
    } catch (error) {
      this.configuration = undefined;
      throw new SignInFailed('provider', { cause: error });
    }
  }

  private ask(): Promise<Configuration> {
    const { issuer, clientId, clientSecret, signingAlgorithm, fetch } = this.address;
    const isPlain = issuer.startsWith('http:');
    return discovery(
      new URL(issuer),
      clientId,
      signingAlgorithm === undefined ? {} : { id_token_signed_response_alg: signingAlgorithm },
      ClientSecretBasic(clientSecret),
      {
        timeout: PROVIDER_SECONDS_MAX,
        ...(fetch === undefined ? {} : { [customFetch]: fetch }),
        // eslint-disable-next-line @typescript-eslint/no-deprecated -- deprecated to be noticed: loopback only
        ...(isPlain ? { execute: [allowInsecureRequests] } : {}),
      },
    );
  }
}

function refuse(error: unknown): never {
  if (error instanceof AuthorizationResponseError) {
    throw new SignInFailed('refused', { cause: error });
  }
  // What `fetch` throws when nobody answers.
  const isSilence = error instanceof Error && error.name === 'TypeError';
  throw new SignInFailed(isSilence ? 'provider' : 'over', { cause: error });
}
