// What some suites need beside Node and npm, and how to tell whether it is here.
import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { ROOT } from './run.mjs';

/** Where provision.mjs puts what ops/kafka/pom.xml names. */
export const KAFKA_JARS = join(ROOT, '.cache', 'kafka');

/** Where provision.mjs puts Stripe's own mock, and the description of Stripe's API that it goes by. */
export const STRIPE_MOCK = join(ROOT, '.cache', 'stripe', 'stripe-mock');
export const STRIPE_OPENAPI = join(ROOT, '.cache', 'stripe', 'spec3.json');

const CHROMIUM_NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const CHROMIUM_PATHS = [
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** @param {string} path */
function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** @param {string[]} names */
export function onPath(names) {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isProgram);
}

/** The browser that test/browser drives. @returns {string | undefined} its path. */
export function findChromium() {
  const named = process.env['STUIVER_CHROMIUM'];
  if (named !== undefined && named !== '') return isProgram(named) ? named : undefined;
  return onPath(CHROMIUM_NAMES) ?? CHROMIUM_PATHS.find(isProgram);
}

/** A broker's jars, and the Java that runs them. */
export function hasKafkaJars() {
  const names = existsSync(KAFKA_JARS) ? readdirSync(KAFKA_JARS) : [];
  return names.some((name) => /^kafka_.*\.jar$/.test(name));
}

/** By the names that a suite.json uses. @type {Record<string, { isHere(): boolean; fix: string }>} */
export const COMPONENTS = {
  chromium: {
    isHere: () => findChromium() !== undefined,
    fix: 'no Chromium found: install it, or name it in STUIVER_CHROMIUM',
  },
  java: { isHere: () => onPath(['java']) !== undefined, fix: 'no java on the PATH' },
  kafka: {
    isHere: () => onPath(['java']) !== undefined && hasKafkaJars(),
    fix: 'no Kafka here (Java, and its jars in .cache/kafka): as root on Debian "node tools/provision.mjs" brings both',
  },
  'stripe-mock': {
    isHere: () => isProgram(STRIPE_MOCK) && existsSync(STRIPE_OPENAPI),
    fix: 'no stripe-mock in .cache/stripe: with Go on the PATH "node tools/provision.mjs" brings it',
  },
  go: { isHere: () => onPath(['go']) !== undefined, fix: 'no go on the PATH' },
};
