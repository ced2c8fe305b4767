import { stripeCardSources } from '@stuiver/psp-stripe';
import type { PageOptions } from '../http/pages.js';
import { type Addresses, FRAME_HOST_SUFFIX } from './addresses.js';
import { PATHS } from './paths.js';

/**
 * The pages of an installation at these addresses.
 *
 * @param stripeBase  where Stripe is: null is Stripe itself, else the sandbox.
 */
export function pageOptionsOf(
  addresses: Pick<Addresses, 'pages'>,
  stripeBase: URL | null,
  packageOf: PageOptions['packageOf'],
): PageOptions {
  const { port } = new URL(addresses.pages);
  return {
    webDir: PATHS.web,
    frameHostSuffix: FRAME_HOST_SUFFIX,
    pagesOrigin: addresses.pages,
    frameSources: `http://*${FRAME_HOST_SUFFIX}:${port === '' ? '80' : port}`,
    cardSources: stripeCardSources(stripeBase),
    packageOf,
  };
}
