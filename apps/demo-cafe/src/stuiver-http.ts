import type { IPayRequest } from 'wechatpay-node-v3/dist/lib/pay-request.interface.js';

const REQUEST_MS_MAX = 15_000;

/**
 * The one thing node-v3 has to be told: where to send its requests. It signs path and body, never the host, so the
 * address may change after signing. Everything else is the SDK's own.
 */
export function stuiverHttp(baseUrl: string): IPayRequest {
  const call = async (
    url: string,
    init: { method: string; headers: Record<string, string>; body?: string },
  ): Promise<{ status: number; data?: unknown; error?: unknown }> => {
    const { pathname, search } = new URL(url);
    const answer = await fetch(new URL(pathname + search, baseUrl), {
      ...init,
      signal: AbortSignal.timeout(REQUEST_MS_MAX),
    });
    const text = await answer.text();
    const content: unknown = text === '' ? undefined : JSON.parse(text);
    return answer.ok
      ? { status: answer.status, data: content }
      : { status: answer.status, error: content };
  };
  return {
    get: (url, headers) => call(url, { method: 'GET', headers }),
    post: (url, params, headers) =>
      call(url, {
        method: 'POST',
        headers: { ...headers, 'Content-Type': 'application/json' },
        body: JSON.stringify(params),
      }),
    upload: () => Promise.reject(new Error('the café uploads nothing')),
  };
}
