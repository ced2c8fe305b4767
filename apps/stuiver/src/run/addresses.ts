import type { Config } from '../config.js';

/** Where what runs here is reached. Origins, without a slash at the end. */
export interface Addresses {
  readonly api: string;
  readonly pages: string;
  readonly sandbox: string;
  /** Mini-programs live on host names of their own; browsers resolve `*.localhost` by themselves. */
  readonly frameUrlOf: (appid: string) => string;
}

export const FRAME_HOST_SUFFIX = '.localhost';

export function addressesOf(config: Config): Addresses {
  const port = String(config.port);
  const host = config.host === '0.0.0.0' || config.host === '::' ? '127.0.0.1' : config.host;
  return {
    api: `http://${host}:${port}`,
    pages: config.publicUrl ?? `http://localhost:${port}`,
    sandbox: `http://127.0.0.1:${String(config.sandboxPort)}`,
    frameUrlOf: (appid) => `http://${appid}${FRAME_HOST_SUFFIX}:${port}/`,
  };
}
