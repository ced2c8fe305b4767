#!/usr/bin/env node
// `npm run contracts`: writes docs/contracts from libs/contracts, for readers who do not speak zod: one
// JSON Schema per event, one for the ledger's commands, and an AsyncAPI document over all topics. The
// tidy test renders the same and compares.
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { buildChanged } from './build.mjs';
import { ROOT, say } from './run.mjs';

export const CONTRACTS = join(ROOT, 'docs', 'contracts');
const SOURCES = join(ROOT, 'libs', 'contracts', 'src');
/** The dialect that AsyncAPI 3.0 reads without being told. */
const DIALECT = 'http://json-schema.org/draft-07/schema#';
const TARGET = /** @type {const} */ ({ target: 'draft-7' });
const TOPIC_OWNERS = /** @type {const} */ ({ order: 'Order', ledger: 'Ledger', payout: 'Payout' });

/** @returns {Promise<Map<string, string>>} file name → text. */
export async function renderContracts() {
  const contracts = await import('@stuiver/contracts');
  const meanings = await readMeanings();
  const types = Object.keys(contracts.EVENTS).filter(contracts.isEventType).sort();
  const schemas = types.map((type) => ({
    type,
    topic: contracts.topicOf(type),
    meaning: meanings.get(constantOf(type)) ?? '',
    data: z.toJSONSchema(contracts.EVENTS[type], TARGET),
  }));
  const files = new Map(
    schemas.map((event) => [`${event.type}.schema.json`, textOf(eventSchema(event))]),
  );
  const commands = z.toJSONSchema(contracts.LedgerCommandSchema, TARGET);
  const title = { title: 'Ledger commands', description: meanings.get('LedgerCommandSchema') };
  files.set('ledger-commands.schema.json', textOf({ $schema: DIALECT, ...title, ...commands }));
  files.set('asyncapi.json', textOf(asyncApi(schemas)));
  return files;
}

/**
 * @typedef {object} EventContract
 * @property {string} type
 * @property {string} topic
 * @property {string} meaning
 * @property {object} data
 */

/**
 * The whole message: a CloudEvents 1.0 envelope around the fact.
 *
 * @param {EventContract} event
 */
function eventSchema({ type, topic, meaning, data }) {
  const fact = Object.fromEntries(Object.entries(data).filter(([key]) => key !== '$schema'));
  const properties = {
    specversion: { const: '1.0' },
    id: { type: 'string', format: 'uuid' },
    source: { const: topic.replace('stuiver.', '/stuiver/') },
    type: { const: type },
    subject: {
      type: 'string',
      minLength: 1,
      description: 'Events with the same subject keep order.',
    },
    time: { type: 'string', format: 'date-time' },
    datacontenttype: { const: 'application/json' },
    data: fact,
  };
  return {
    $schema: DIALECT,
    title: type,
    description: meaning,
    type: 'object',
    properties,
    required: Object.keys(properties),
    additionalProperties: false,
  };
}

/** @param {EventContract[]} events */
function asyncApi(events) {
  const owners = Object.entries(TOPIC_OWNERS).map(([topic, owner]) => ({
    topic,
    owner,
    said: events.filter((event) => event.topic === `stuiver.${topic}`),
  }));
  const channels = owners.map(({ topic, owner, said }) => [
    topic,
    {
      address: `stuiver.${topic}`,
      description: `What ${owner} says. At least once, in order per subject.`,
      messages: refs(said, '#/components/messages/'),
    },
  ]);
  const operations = owners.map(({ topic, owner }) => [
    `say-${topic}`,
    { action: 'send', channel: { $ref: `#/channels/${topic}` }, summary: `${owner} tells facts` },
  ]);
  const messages = events.map(({ type, meaning }) => [
    type,
    {
      name: type,
      summary: meaning,
      contentType: 'application/cloudevents+json',
      payload: { $ref: `./${type}.schema.json` },
    },
  ]);
  return {
    asyncapi: '3.0.0',
    info: { title: 'Stuiver events', version: '1', license: { name: 'Apache-2.0' } },
    channels: Object.fromEntries(channels),
    operations: Object.fromEntries(operations),
    components: { messages: Object.fromEntries(messages) },
  };
}

/**
 * @param {EventContract[]} events
 * @param {string} place
 */
function refs(events, place) {
  return Object.fromEntries(events.map(({ type }) => [type, { $ref: `${place}${type}` }]));
}

/** `payment.succeeded-late.v1` is `PaymentSucceededLateV1`. @param {string} type */
function constantOf(type) {
  return type
    .split(/[.-]/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}

/** The docstring of each exported schema: its meaning is written once, beside it. */
async function readMeanings() {
  const meanings = new Map();
  for (const file of await readdir(SOURCES)) {
    const text = await readFile(join(SOURCES, file), 'utf8');
    for (const [, comment, name] of text.matchAll(
      /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\nexport const (\w+) =/g,
    )) {
      meanings.set(name, (comment ?? '').replaceAll(/\s*\n\s*\*\s?/g, ' ').trim());
    }
  }
  return meanings;
}

/** @param {unknown} document */
function textOf(document) {
  return `${JSON.stringify(document, null, 2)}\n`;
}

async function writeContracts() {
  const files = await renderContracts();
  await rm(CONTRACTS, { recursive: true, force: true });
  await mkdir(CONTRACTS, { recursive: true });
  await Promise.all([...files].map(([name, text]) => writeFile(join(CONTRACTS, name), text)));
  say(`contracts: ${String(files.size)} documents in docs/contracts`);
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  await buildChanged();
  await writeContracts();
}
