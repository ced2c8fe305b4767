import { readdir, readFile, stat } from 'node:fs/promises';
import { extname, join, resolve, sep } from 'node:path';
import { createHash, randomBytes } from 'node:crypto';
import type { FastifyInstance } from 'fastify';

export interface PageOptions {
  /** Built pages of the host app. */
  readonly webDir: string;
  /** `{appid}` + this is a mini-program's own origin, such as `.localhost`. */
  readonly frameHostSuffix: string;
  /** The pages' origin: the only one that may frame a mini-program. */
  readonly pagesOrigin: string;
  /** Where frames live, for the host's `frame-src`. */
  readonly frameSources: string;
  /** What the card page may load from the PSP, as sources of its policy. */
  readonly cardSources: {
    readonly script: string;
    readonly frame: string;
    readonly connect: string;
  };
  /** Folders that make up a packaged mini-program, first match wins; undefined when there is no such appid. */
  packageOf(appid: string): Promise<readonly string[] | undefined>;
}

interface File {
  readonly body: Buffer;
  readonly type: string;
  readonly etag: string;
  readonly immutable: boolean;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.webmanifest': 'application/manifest+json',
};
/** The host app's own addresses; anything else under `/` is an API or is not there. */
const APP_ROUTE =
  /^\/(?:$|m\/|p\/|q\/|returned$|history$|programs$|settings$|(?:finance|merchant)(?:\/|$))/;
const HASHED = /-[\w-]{8,}\.\w+$/;

/** What a browser asks for that no API answers. */
export interface PageRequest {
  readonly method: string;
  /** As it came, with its query. */
  readonly url: string;
  readonly host: string;
  readonly ifNoneMatch: string | undefined;
}

export interface PageAnswer {
  readonly status: 200 | 304 | 404;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | null;
}

/** The page for a request; undefined when an API has to answer it. */
export type Pages = (request: PageRequest) => Promise<PageAnswer | undefined>;

/** The host app on its own origin and each packaged mini-program on a host name of its own. */
export async function openPages(options: PageOptions): Promise<Pages> {
  const app = await loadFolder(options.webDir);
  const packages = new Map<string, Promise<ReadonlyMap<string, File> | undefined>>();
  const packageFiles = (appid: string): Promise<ReadonlyMap<string, File> | undefined> => {
    const known = packages.get(appid) ?? loadPackage(options, appid);
    packages.set(appid, known);
    void known.then(
      (files) => files ?? packages.delete(appid),
      () => packages.delete(appid),
    );
    return known;
  };
  return async (request) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return undefined;
    const path = request.url.split('?', 1)[0] ?? '/';
    const appid = appidOf(request.host, options.frameHostSuffix);
    if (appid !== undefined) {
      const files = await packageFiles(appid);
      const file = files?.get(path === '/' ? '/index.html' : path);
      return answerOf(request, file, frameHeaders(options));
    }
    const { file, headers } = pageOf(app, path, options);
    return file && answerOf(request, file, headers);
  };
}

const ALONE = new Set(['/verify', '/verify.html']);
const CARD = new Set(['/card', '/card.html']);

function pageOf(
  app: ReadonlyMap<string, File>,
  path: string,
  options: PageOptions,
): { file: File | undefined; headers: Record<string, string> } {
  if (ALONE.has(path)) {
    const page = app.get('/verify.html');
    return { file: page, headers: aloneHeaders(page) };
  }
  if (CARD.has(path)) return cardPage(app.get('/card.html'), options);
  const file = app.get(path) ?? (APP_ROUTE.test(path) ? app.get('/index.html') : undefined);
  return { file, headers: appHeaders(options, path) };
}

/** Puts the pages in front of a server's own routes. */
export function servePages(server: FastifyInstance, pages: Pages): void {
  server.addHook('onRequest', async (request, reply) => {
    const answer = await pages({
      method: request.method,
      url: request.raw.url ?? '/',
      host: request.headers.host ?? '',
      ifNoneMatch: request.headers['if-none-match'],
    });
    if (answer === undefined) return;
    return reply
      .code(answer.status)
      .headers(answer.headers)
      .send(answer.body ?? undefined);
  });
}

function appidOf(host: string, suffix: string): string | undefined {
  const name = host.replace(/:\d+$/, '').toLowerCase();
  return name.endsWith(suffix) ? name.slice(0, -suffix.length) : undefined;
}

async function loadPackage(
  options: PageOptions,
  appid: string,
): Promise<ReadonlyMap<string, File> | undefined> {
  const folders = await options.packageOf(appid);
  if (folders === undefined) return undefined;
  const parts = await Promise.all([...folders].reverse().map(loadFolder));
  return new Map(parts.flatMap((part) => [...part]));
}

async function loadFolder(folder: string): Promise<ReadonlyMap<string, File>> {
  const root = resolve(folder);
  const names = await readdir(root, { recursive: true }).catch(() => []);
  const files = new Map<string, File>();
  for (const name of names) {
    const path = join(root, name);
    const type = TYPES[extname(name)];
    if (type === undefined || !(await stat(path)).isFile()) continue;
    const body = await readFile(path);
    const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
    files.set(`/${name.split(sep).join('/')}`, { body, type, etag, immutable: HASHED.test(name) });
  }
  return files;
}

function answerOf(
  request: PageRequest,
  file: File | undefined,
  headers: Readonly<Record<string, string>>,
): PageAnswer {
  if (file === undefined) {
    const type = { 'content-type': 'text/plain; charset=utf-8' };
    return { status: 404, headers: { ...headers, ...type }, body: Buffer.from('Not found\n') };
  }
  const cached = {
    ...headers,
    etag: file.etag,
    'cache-control': file.immutable ? 'public, max-age=31536000, immutable' : 'no-cache',
  };
  if (request.ifNoneMatch === file.etag) return { status: 304, headers: cached, body: null };
  return { status: 200, headers: { ...cached, 'content-type': file.type }, body: file.body };
}

const COMMON = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
} as const;

const OPENER = { 'cross-origin-opener-policy': 'same-origin-allow-popups' } as const;

/** The host page confirms payments: nothing foreign runs in it, nobody frames it. */
function appHeaders(options: PageOptions, path: string): Record<string, string> {
  return {
    ...COMMON,
    // The bank's window must stay ours to close; a policy of its own would cut it off from us.
    ...(path === '/returned' ? {} : OPENER),
    'content-security-policy': [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "img-src 'self' data:",
      "font-src 'self'",
      "connect-src 'self'",
      "manifest-src 'self'",
      `frame-src ${options.frameSources}`,
      "frame-ancestors 'none'",
      "form-action 'self'",
      "base-uri 'none'",
    ].join('; '),
    'permissions-policy': 'publickey-credentials-get=(self), payment=(self)',
  };
}

/** The page that checks receipts holds its own script and style, and speaks to nobody. */
function aloneHeaders(page: File | undefined): Record<string, string> {
  const html = page?.body.toString() ?? '';
  const hashOf = (tag: string): string => {
    const content = new RegExp(`<${tag}>([^]*)</${tag}>`).exec(html)?.[1] ?? '';
    return `'sha256-${createHash('sha256').update(content).digest('base64')}'`;
  };
  return {
    ...COMMON,
    'content-security-policy': [
      "default-src 'none'",
      `script-src ${hashOf('script')}`,
      `style-src ${hashOf('style')}`,
      "frame-ancestors 'none'",
      "form-action 'none'",
      "base-uri 'none'",
    ].join('; '),
  };
}

const NONCE = '{nonce}';

/** The page for cards lets the PSP's script in, and nothing else that is foreign; its answer is a new one each time. */
function cardPage(
  page: File | undefined,
  { cardSources }: PageOptions,
): { file: File | undefined; headers: Record<string, string> } {
  const nonce = randomBytes(16).toString('base64');
  const body = Buffer.from((page?.body.toString() ?? '').replaceAll(NONCE, nonce));
  const etag = `"${nonce}"`;
  return {
    file: page && { ...page, body, etag },
    headers: {
      ...COMMON,
      'content-security-policy': [
        "default-src 'none'",
        `script-src 'nonce-${nonce}' ${cardSources.script}`,
        `style-src 'nonce-${nonce}'`,
        "img-src 'self' data:",
        `connect-src 'self' ${cardSources.connect}`,
        `frame-src ${cardSources.frame}`,
        "frame-ancestors 'none'",
        "form-action 'none'",
        "base-uri 'none'",
      ].join('; '),
      'permissions-policy': 'payment=(self)',
    },
  };
}

/** A mini-program may talk to its own server and be framed by the host alone. Its sandbox makes its origin opaque. */
function frameHeaders(options: PageOptions): Record<string, string> {
  return {
    ...COMMON,
    'content-security-policy': `frame-ancestors ${options.pagesOrigin}; base-uri 'none'`,
    // Module scripts of an opaque origin are fetched with CORS.
    'access-control-allow-origin': '*',
  };
}
