import { once } from 'node:events';
import { type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';

/** What came back for one request. */
export interface Visit {
  readonly url: URL;
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

interface Cookie {
  readonly host: string;
  readonly path: string;
  readonly name: string;
  readonly value: string;
  readonly attributes: string;
}

interface Asking {
  readonly form?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  /** Sent as it is. */
  readonly content?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const REDIRECTS_MAX = 15;

/** A browser without a window: cookies by host and path, redirects, forms, and the headers a page cannot choose. */
export class Browser {
  private cookies: Cookie[] = [];

  constructor(
    /** Where it is, such as `http://localhost:8080`. */
    private readonly home: string,
    /** Where requests for an origin really go: a load balancer's choice. */
    private readonly route: (origin: string) => string = (origin) => origin,
  ) {}

  /** One request, redirects not followed. */
  async ask(method: string, where: string, asking: Asking = {}): Promise<Visit> {
    const url = new URL(where, this.home);
    const cookie = this.cookiesFor(url);
    const body = bodyOf(asking);
    const type =
      asking.form === undefined ? 'application/json' : 'application/x-www-form-urlencoded';
    const target = `${this.route(url.origin)}${url.pathname}${url.search}`;
    const answer = await send(target, {
      method,
      headers: {
        host: url.host,
        ...(cookie === '' ? {} : { cookie }),
        ...(method === 'GET' ? {} : { origin: url.origin, 'sec-fetch-site': 'same-origin' }),
        ...(body === undefined ? {} : { 'content-type': type }),
        ...asking.headers,
      },
      body,
    });
    const { headers } = answer;
    for (const line of headers['set-cookie'] ?? []) this.keep(url, line);
    return { url, status: answer.statusCode ?? 0, headers, text: await text(answer) };
  }

  /** Like `ask`, then wherever it leads. */
  async go(method: string, target: string, asking: Asking = {}): Promise<Visit> {
    let visit = await this.ask(method, target, asking);
    for (let hops = 0; hops < REDIRECTS_MAX; hops += 1) {
      const location = visit.headers.location;
      if (visit.status < 300 || visit.status > 399 || location === undefined) return visit;
      visit = await this.ask('GET', new URL(location, visit.url).href);
    }
    throw new Error(`redirected in circles at ${visit.url.href}`);
  }

  /** The value and attributes of a cookie by the end of its name. */
  cookie(suffix: string): { value: string; attributes: string } | undefined {
    return this.cookies.find(({ name }) => name.endsWith(suffix));
  }

  /** As thieves do. */
  takeCookiesOf(other: Browser): void {
    this.cookies = [...other.cookies];
  }

  dropCookie(suffix: string): void {
    this.cookies = this.cookies.filter(({ name }) => !name.endsWith(suffix));
  }

  private cookiesFor(url: URL): string {
    return this.cookies
      .filter(({ host, path }) => host === url.hostname && isUnder(url.pathname, path))
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ');
  }

  private keep(url: URL, line: string): void {
    const [pair = '', ...rest] = line.split(';').map((part) => part.trim());
    const at = pair.indexOf('=');
    const [name, value] = [pair.slice(0, at), pair.slice(at + 1)];
    const attribute = (key: string): string | undefined =>
      rest.find((part) => part.toLowerCase().startsWith(`${key}=`))?.slice(key.length + 1);
    const cookie = { host: url.hostname, path: attribute('path') ?? '/', name, value };
    this.cookies = this.cookies.filter(
      (known) => known.host !== cookie.host || known.path !== cookie.path || known.name !== name,
    );
    const isOver =
      attribute('max-age') === '0' || Date.parse(attribute('expires') ?? '2100-01-01') <= 0;
    if (!isOver && value !== '') this.cookies.push({ ...cookie, attributes: rest.join('; ') });
  }
}

function isUnder(path: string, cookiePath: string): boolean {
  return cookiePath === '/' || path === cookiePath || path.startsWith(`${cookiePath}/`);
}

function bodyOf({ form, json, content }: Asking): string | undefined {
  if (content !== undefined) return content;
  if (form !== undefined) return String(new URLSearchParams(form));
  return json === undefined ? undefined : JSON.stringify(json);
}

/** Not `fetch`: that one cannot say another Host than it connects to, as a proxy does. */
async function send(
  target: string,
  asked: { method: string; headers: Record<string, string>; body: string | undefined },
): Promise<IncomingMessage> {
  const sending = request(target, { method: asked.method, headers: asked.headers, agent: false });
  sending.end(asked.body);
  const [answer] = (await once(sending, 'response')) as [IncomingMessage];
  return answer;
}
