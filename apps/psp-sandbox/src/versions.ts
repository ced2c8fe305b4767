import { invalid } from './problem.js';
import { API_VERSION } from './store.js';

/** From this day on the request parameter is `allowed_payment_method_types`. */
const METHOD_TYPES_GONE = '2026-09-30';

/**
 * The version a caller speaks, ours by default. Older ones are taken: of all that changed between them, the sandbox knows one thing.
 *
 * @throws StripeProblem for one that is no version or not out yet.
 */
export function versionOf(header: string | string[] | undefined): string {
  if (header === undefined) return API_VERSION;
  const version = String(header);
  const isVersion = /^20\d\d-\d\d-\d\d(\.[a-z]{2,20})?$/.test(version);
  if (!isVersion || dayOf(version) > dayOf(API_VERSION)) {
    throw invalid(`Invalid Stripe API version: ${version}`);
  }
  return version;
}

/** Whether `payment_method_types` is still a request parameter. */
export function takesMethodTypes(version: string): boolean {
  return dayOf(version) < METHOD_TYPES_GONE;
}

function dayOf(version: string): string {
  return version.slice(0, METHOD_TYPES_GONE.length);
}
