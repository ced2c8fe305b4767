import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const REPOSITORY = fileURLToPath(new URL('../../../../', import.meta.url));

/** What is started or served from here, as it lies in the repository and in the image. */
export const PATHS = {
  web: join(REPOSITORY, 'apps/web/dist'),
  mini: join(REPOSITORY, 'libs/mini/dist'),
  cafe: join(REPOSITORY, 'apps/demo-cafe/mini-program'),
  cafeServer: join(REPOSITORY, 'apps/demo-cafe/dist/main.js'),
  sandboxServer: join(REPOSITORY, 'apps/psp-sandbox/dist/main.js'),
  orderServer: join(REPOSITORY, 'apps/order/dist/main.js'),
  ledgerServer: join(REPOSITORY, 'apps/ledger/dist/main.js'),
  payoutServer: join(REPOSITORY, 'apps/payout/dist/main.js'),
  stuiver: join(REPOSITORY, 'apps/stuiver/bin/stuiver.js'),
} as const;
