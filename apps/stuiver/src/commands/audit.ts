import { parseArgs } from 'node:util';
import {
  AUDIT_SCHEMAS,
  type AuditSchema,
  isAuditDay,
  type KnownPlace,
  NO_AUDIT_SEARCH,
  readAuditTrail,
  type VerifiedTrail,
  verifyAuditTrail,
} from '@stuiver/audit';
import { type Database, openDatabase, roleUrl } from '@stuiver/postgres';
import { adminUrl } from './admin-url.js';
import { type Command, CommandFailed } from './command.js';

const ENTRIES_PER_LOOK = 1_000;
const KNOWN = /^(orders|people|payout):(\d{1,18}):([0-9a-f]{64})$/;
const COLUMNS = [
  ...['no', 'at', 'actorKind', 'actorId', 'act', 'subjectKind', 'subjectId', 'before', 'after'],
  ...['reason', 'requestId', 'ip', 'hash'],
] as const;
const UNPROVEN =
  'not provable from here: entries taken off the end together with a head that was set back;\n' +
  'keep the places above elsewhere and give them as --known\n';

/** `stuiver audit verify`: derives every chain again from the database alone; fails naming the first bad row. */
const verify: Command = {
  words: ['audit', 'verify'],
  usage:
    '[--known schema:no:hash]… [--json]  derive the audit trail again and name the first row that is not as it must be',
  run: async (args) => {
    const { values } = parseArgs({
      args: [...args],
      options: { json: { type: 'boolean' }, known: { type: 'string', multiple: true } },
    });
    const known = new Map((values.known ?? []).map(placeOf));
    const trails: VerifiedTrail[] = [];
    await onEachSchema(AUDIT_SCHEMAS, async (database, schema) => {
      trails.push(await verifyAuditTrail(database, schema, known.get(schema)));
    });
    const isGood = trails.every(({ finding }) => finding === null);
    process.stdout.write(
      values.json === true
        ? `${JSON.stringify({ good: isGood, trails })}\n`
        : trails.map(lineOf).join('') + UNPROVEN,
    );
    return isGood ? 0 : 1;
  },
};

/** `stuiver audit list`: what was done, newest first; one JSON object a line, or CSV. */
const list: Command = {
  words: ['audit', 'list'],
  usage:
    '[--from day] [--to day] [--actor id] [--act word] [--subject id] [--schema name] [--csv]' +
    '  what staff and operators did, newest first; days in Amsterdam',
  run: async (args) => {
    const text = { type: 'string' } as const;
    const options = {
      ...{ from: text, to: text, actor: text, act: text, subject: text, schema: text },
      csv: { type: 'boolean' },
    } as const;
    const { values } = parseArgs({ args: [...args], options });
    const { actor = null, act = null, subject = null } = values;
    const days = { from: dayOf('from', values.from), to: dayOf('to', values.to) };
    const search = { ...NO_AUDIT_SEARCH, actor, act, subject, ...days };
    const isCsv = values.csv === true;
    if (isCsv) process.stdout.write(`schema,${COLUMNS.join(',')}\n`);
    await onEachSchema(schemasOf(values.schema), async (database, schema) => {
      let before: string | null = null;
      do {
        const page = { ...search, before, limit: ENTRIES_PER_LOOK };
        const entries = await readAuditTrail(database, schema, page);
        for (const entry of entries) {
          const cells = [schema, ...COLUMNS.map((name) => entry[name])];
          const line = isCsv ? cells.map(cellOf).join(',') : JSON.stringify({ schema, ...entry });
          process.stdout.write(`${line}\n`);
        }
        before = entries.length === ENTRIES_PER_LOOK ? (entries.at(-1)?.no ?? null) : null;
      } while (before !== null);
    });
    return 0;
  },
};

export const AUDIT_COMMANDS: readonly Command[] = [verify, list];

/** Each as its own role, which may read its trail and change nothing of it. */
async function onEachSchema(
  schemas: readonly AuditSchema[],
  work: (database: Database, schema: AuditSchema) => Promise<void>,
): Promise<void> {
  const admin = await adminUrl();
  for (const schema of schemas) {
    const url = roleUrl(admin, schema);
    const database = await openDatabase({ url, applicationName: 'stuiver audit', poolMax: 1 });
    try {
      await work(database, schema);
    } finally {
      await database.close();
    }
  }
}

function lineOf(trail: VerifiedTrail): string {
  const { schema, entries, hash, finding } = trail;
  if (finding === null) {
    return `good  ${schema}: ${entries} entries; it stands at ${schema}:${entries}:${hash}\n`;
  }
  const { table, no, column, expected, found } = finding;
  return `BAD  ${schema}.${table} ${no}, ${column}: expected ${expected}, found ${found}\n`;
}

function placeOf(text: string): [AuditSchema, KnownPlace] {
  const [, schema, no, hash] = KNOWN.exec(text) ?? [];
  const [known] = AUDIT_SCHEMAS.filter((name) => name === schema);
  if (known === undefined || no === undefined || hash === undefined) {
    throw new CommandFailed('--known is schema:no:hash, as "stuiver audit verify" prints it');
  }
  return [known, { no, hash }];
}

function schemasOf(name: string | undefined): readonly AuditSchema[] {
  const schemas = AUDIT_SCHEMAS.filter((schema) => name === undefined || schema === name);
  if (schemas.length > 0) return schemas;
  throw new CommandFailed(`--schema is one of ${AUDIT_SCHEMAS.join(', ')}`);
}

function dayOf(option: string, text: string | undefined): string | null {
  if (text === undefined) return null;
  if (isAuditDay(text)) return text;
  throw new CommandFailed(`--${option} is a day such as 2026-11-24`);
}

/** What a spreadsheet would take for a formula is shown as text. */
function cellOf(value: string | null): string {
  const text = value ?? '';
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
