#!/usr/bin/env node
// Brings what the suites need beside npm: Debian's packages, a Kafka broker's jars (Maven), Stripe's mock (Go). `npm test`
// calls this with CI=true and never otherwise: on a person's machine nothing is installed behind their back.
import { existsSync } from 'node:fs';
import { copyFile, mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  COMPONENTS,
  findChromium,
  hasKafkaJars,
  KAFKA_JARS,
  onPath,
  STRIPE_MOCK,
  STRIPE_OPENAPI,
} from './components.mjs';
import { run, say } from './run.mjs';

/** Text without any font is drawn as nothing, and a screenshot of nothing proves nothing. */
const FONTS = '/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf';
/** Goes by API version 2026-08-26.dahlia: test/psp lists what is newer in the version that we speak. */
const STRIPE_MOCK_MODULE = 'github.com/stripe/stripe-mock@v0.203.0';
const INSTALL_MS_MAX = 10 * 60_000;
const APT = { limitMs: INSTALL_MS_MAX, environment: { DEBIAN_FRONTEND: 'noninteractive' } };

/** Safe to repeat. @returns {Promise<void>} what stays missing is found out by the suites. */
export async function provision() {
  await provisionPackages();
  await provisionKafka();
  await provisionStripeMock();
  await provisionGoStory();
}

/** Debian's packages, and when each is needed. @type {[string, () => boolean][]} */
const PACKAGES = [
  ['chromium', () => findChromium() === undefined],
  ['fonts-dejavu-core', () => !existsSync(FONTS)],
  ['default-jre-headless', () => onPath(['java']) === undefined],
  ['maven', () => onPath(['mvn']) === undefined && !hasKafkaJars()],
];

async function provisionPackages() {
  const missing = PACKAGES.filter(([, isMissing]) => isMissing()).map(([name]) => name);
  if (missing.length === 0) {
    say('provision: no package is missing');
    return;
  }
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    say(`provision: ${missing.join(' and ')} missing; only root on Debian can install here`);
    return;
  }
  say(`provision: apt-get install ${missing.join(' ')}`);
  const steps = [
    ['apt-get', 'update', '-q'],
    ['apt-get', 'install', '-q', '-y', '--no-install-recommends', ...missing],
  ];
  for (const step of steps) {
    const { code, output, seconds } = await run(step, APT);
    say(`provision: ${step.slice(0, 2).join(' ')} ended with ${code} in ${seconds.toFixed(0)} s`);
    if (code !== 0) say(output);
  }
}

/** The jars of ops/kafka/pom.xml, into a folder that git does not see. */
async function provisionKafka() {
  if (hasKafkaJars()) return;
  if (onPath(['mvn']) === undefined) {
    say('provision: no mvn on the PATH, so no Kafka');
    return;
  }
  const copy = ['mvn', '-B', '-q', '-f', 'ops/kafka/pom.xml', 'dependency:copy-dependencies'];
  // Under another name until all are there: half of them would look like a broker.
  const draft = `${KAFKA_JARS}.draft`;
  await rm(draft, { recursive: true, force: true });
  const into = ['-DincludeScope=runtime', `-DoutputDirectory=${draft}`];
  const { code, output, seconds } = await run([...copy, ...into], { limitMs: INSTALL_MS_MAX });
  say(`provision: Kafka's jars: mvn ended with ${code} in ${seconds.toFixed(0)} s`);
  if (code === 0) await rename(draft, KAFKA_JARS);
  else say(output);
}

/** Stripe's mock from its Go module, and the API's description that lies in the same module. */
async function provisionStripeMock() {
  if (COMPONENTS['stripe-mock']?.isHere() === true) return;
  if (onPath(['go']) === undefined) {
    say('provision: no go on the PATH, so no stripe-mock');
    return;
  }
  const folder = dirname(STRIPE_MOCK);
  await mkdir(folder, { recursive: true });
  const environment = { GOBIN: folder };
  const install = ['go', 'install', STRIPE_MOCK_MODULE];
  const { code, output, seconds } = await run(install, { limitMs: INSTALL_MS_MAX, environment });
  say(`provision: stripe-mock: go install ended with ${code} in ${seconds.toFixed(0)} s`);
  if (code !== 0) {
    say(output);
    return;
  }
  const cache = (await run(['go', 'env', 'GOMODCACHE'])).output.trim();
  await copyFile(join(cache, STRIPE_MOCK_MODULE, 'embedded/openapi/spec3.json'), STRIPE_OPENAPI);
}

/** What test/psp/go is built with: Stripe's client for Go. Its go.sum says which bytes. */
async function provisionGoStory() {
  if (onPath(['go']) === undefined) return;
  const fetch = ['go', '-C', 'test/psp/go', 'mod', 'download'];
  const { code, output, seconds } = await run(fetch, { limitMs: INSTALL_MS_MAX });
  say(`provision: Stripe's client for Go: go mod ended with ${code} in ${seconds.toFixed(0)} s`);
  if (code !== 0) say(output);
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  await provision();
}
