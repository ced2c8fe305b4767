import { z } from 'zod';
import { field, readEnvironment } from '@stuiver/service';
import { createMetrics, JsonLog } from '@stuiver/telemetry';
import { startEdge } from '../edge/start-edge.js';
import { openPages } from '../http/pages.js';
import { packagesAt } from '../run/packages.js';
import { pageOptionsOf } from '../run/page-options.js';
import { untilSignal } from '../run/until-signal.js';
import type { Command } from './command.js';

const ENVIRONMENT = {
  PORT: field.port.default(8080),
  STUIVER_HOST: field.text.default('127.0.0.1'),
  PUBLIC_URL: z.url(),
  STUIVER_DATA_DIR: field.text,
  STUIVER_LOG: z.enum(['info', 'warn', 'error', 'silent']).default('info'),
  OPERATOR_TOKEN: field.text,
  ORDER_URLS: field.list,
  LEDGER_URLS: field.list,
  PAYOUT_URLS: field.list,
  STRIPE_API_BASE: z.url().optional().describe('sandbox only: where the PSP is instead'),
} as const;

/** `stuiver web`: the pages and the services behind them at one address, as a process of its own. */
export const webCommand: Command = {
  words: ['web'],
  usage: 'the pages, and ORDER_URLS, LEDGER_URLS and PAYOUT_URLS behind one address',
  run: async () => {
    const values = readEnvironment(process.env, ENVIRONMENT);
    const log = new JsonLog(values.STUIVER_LOG);
    const metrics = createMetrics();
    const { STRIPE_API_BASE: base } = values;
    const [orderUrl = ''] = values.ORDER_URLS;
    const addresses = { pages: values.PUBLIC_URL.replace(/\/$/, '') };
    const packages = packagesAt({
      dataDir: values.STUIVER_DATA_DIR,
      operatorToken: values.OPERATOR_TOKEN,
      orderUrl,
    });
    const edge = await startEdge({
      ...{ host: values.STUIVER_HOST, port: values.PORT, log },
      upstreams: {
        order: values.ORDER_URLS,
        ledger: values.LEDGER_URLS,
        payout: values.PAYOUT_URLS,
      },
      pages: await openPages(pageOptionsOf(addresses, base ? new URL(base) : null, packages)),
      metrics: () => metrics.text(),
    });
    await untilSignal();
    await edge.close();
    return 0;
  },
};
