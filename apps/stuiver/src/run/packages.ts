import { join } from 'node:path';
import { CommandFailed } from '../commands/command.js';
import { operatorClientOf } from '../commands/operator-client.js';
import { PATHS } from './paths.js';

/** The folders of a packaged mini-program: what the demo wrote for it, its own files, and what every one loads. */
export function packagesAt(options: {
  readonly dataDir: string;
  readonly operatorToken: string;
  /** An Order that knows which mini-programs there are. */
  readonly orderUrl: string;
}): (appid: string) => Promise<readonly string[] | undefined> {
  const { dataDir, operatorToken, orderUrl } = options;
  const operator = operatorClientOf({ apiUrl: orderUrl, pagesUrl: orderUrl, token: operatorToken });
  return async (name) => {
    try {
      const path = `/operator/mini-programs/${encodeURIComponent(name)}/package`;
      const found = (await operator.call('GET', path)) as { appid: string; source: string };
      return [join(dataDir, 'demo', found.appid), found.source, PATHS.mini];
    } catch (error) {
      if (error instanceof CommandFailed) return undefined;
      throw error;
    }
  };
}
