// What linters cannot say, as functions over the repository's own files; tidy.spec.ts asks them all.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT } from './run.mjs';

export interface Rule {
  /** Matches what is not wanted, line by line. */
  readonly banned: RegExp;
  readonly instead: string;
  /** A planted breach that the rule must see. */
  readonly breaks: string;
}

export const SQL_RULES: readonly Rule[] = [
  {
    banned: /\b(real|float[48]?|double precision|money|numeric)\b/i,
    instead: 'bigint minor units',
    breaks: 'amount numeric(12, 2)',
  },
  { banned: /\btimestamp\b(?! with time zone)/i, instead: 'timestamptz', breaks: 'at timestamp' },
  { banned: /\b(small|big)?serial\b/i, instead: 'an identity column', breaks: 'id bigserial' },
  { banned: /\bvarchar\b/i, instead: 'text and a check on its length', breaks: 'name varchar(32)' },
  {
    banned: /\bselect \*(?! from unnest\()/i,
    instead: 'name the columns',
    breaks: 'select * from ledger.account',
  },
  { banned: /\bgrant all\b/i, instead: 'name each right', breaks: 'grant all on ledger.account' },
  { banned: /\bon delete cascade\b/i, instead: 'delete by name', breaks: 'on delete cascade' },
  { banned: /\bto public\b/i, instead: 'name the role', breaks: 'grant usage to public' },
];

export const YAML_RULES: readonly Rule[] = [
  { banned: /image:.*:latest\b/, instead: 'a version', breaks: 'image: postgres:latest' },
  { banned: /privileged:\s*true/, instead: 'nothing needs it', breaks: 'privileged: true' },
];

const WHERE = String.raw`(home|Users|root|work)`;
export const TEXT_RULES: readonly Rule[] = [
  {
    banned: /\b(TO)(DO)\b(?!\(#\d+\))|\bFIX(ME)\b/,
    instead: 'an issue, and its number: TO' + 'DO(#12)',
    breaks: '// TO' + 'DO: later',
  },
  {
    banned: new RegExp(String.raw`(^|[\s"'(=])/${WHERE}/[\w.-]+/`),
    instead: 'a path relative to the repository',
    breaks: ['read /ho', 'me/jan/stuiver/x'].join(''),
  },
];

/** Every file that is, or would be, in the repository; text only. */
export function listFiles(): readonly string[] {
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  return listed
    .split('\n')
    .filter((path) => path !== '' && path !== 'package-lock.json' && existsSync(join(ROOT, path)))
    .filter((path) => !/\.(png|ico|woff2?|xsd)$/.test(path))
    .sort();
}

export function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** `path:line: what (instead: …)` for each line that breaks a rule. SQL comments are prose. */
export function breaches(paths: readonly string[], rules: readonly Rule[]): readonly string[] {
  return paths.flatMap((path) =>
    read(path)
      .split('\n')
      .flatMap((line, index) => {
        const text = path.endsWith('.sql') ? line.replace(/--.*$/, '') : line;
        return rules
          .filter(({ banned }) => banned.test(text))
          .map(({ instead }) => `${path}:${String(index + 1)}: instead ${instead}: ${line.trim()}`);
      }),
  );
}

/** Lines that are too long to read beside another; tables that say so (`prettier-ignore`) excepted. */
export function longLines(paths: readonly string[], charactersMax: number): readonly string[] {
  return paths
    .filter((path) => !read(path).includes('prettier-ignore'))
    .flatMap((path) =>
      read(path)
        .split('\n')
        .flatMap((line, index) =>
          line.length > charactersMax ? [`${path}:${String(index + 1)}`] : [],
        ),
    );
}

export function longFiles(paths: readonly string[], linesMax: number): readonly string[] {
  return paths
    .map((path) => ({ path, lines: read(path).split('\n').length }))
    .filter(({ lines }) => lines > linesMax)
    .map(({ path, lines }) => `${path}: ${String(lines)} lines`);
}

/** Prose of a Markdown document: code blocks taken out. */
function proseOf(markdown: string): string {
  return markdown.replace(/^```[\s\S]*?^```/gm, '');
}

export function titlesOf(markdown: string): readonly string[] {
  return proseOf(markdown).match(/^# .+$/gm) ?? [];
}

/** Links to files, and file names in backticks, that lead nowhere. */
export function deadLinks(path: string): readonly string[] {
  const prose = proseOf(read(path));
  const links = [...prose.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)]
    .map((match) => match[1] ?? '')
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => join(dirname(path), target));
  const named = [...prose.matchAll(/`((?:apps|libs|tools|test|docs)\/[\w./-]+\.\w+)`/g)].map(
    (match) => match[1] ?? '',
  );
  return [...links, ...named]
    .filter((target) => !existsSync(join(ROOT, target)))
    .map((target) => `${path} → ${target}`);
}

export function sha256Of(path: string): string {
  return createHash('sha256').update(read(path)).digest('hex');
}

/** `{hash}  {path}` per line, as sha256sum writes it. A line is added once and never changed. */
export function frozenMigrations(): readonly { path: string; sha256: string }[] {
  return read('tools/migrations.sha256')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => ({ sha256: line.slice(0, 64), path: line.slice(66) }));
}

/** Which packages of the workspace each package names. */
export function packageGraph(paths: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const packages = paths
    .filter((path) => /^(apps|libs)\/[^/]+\/package\.json$/.test(path))
    .map((path) => JSON.parse(read(path)) as { name: string; dependencies?: object });
  const known = new Set(packages.map(({ name }) => name));
  return new Map(
    packages.map(({ name, dependencies = {} }) => [
      name,
      Object.keys(dependencies).filter((dependency) => known.has(dependency)),
    ]),
  );
}

/** Every path that leads from a package back to itself. */
export function circles(graph: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const walk = (name: string, trail: readonly string[]): readonly string[] => {
    if (trail.includes(name)) return [[...trail, name].join(' → ')];
    return (graph.get(name) ?? []).flatMap((next) => walk(next, [...trail, name]));
  };
  return [...graph.keys()].flatMap((name) =>
    walk(name, []).filter((circle) => circle.endsWith(` → ${name}`)),
  );
}

export interface InvariantRow {
  readonly id: string;
  readonly inDatabase: string;
  readonly inCode: string;
  readonly provedBy: string;
}

/** The rows of docs/invariants.md. */
export function invariantRows(): readonly InvariantRow[] {
  return read('docs/invariants.md')
    .split('\n')
    .filter((line) => /^\| [A-Z]\d+ \|/.test(line))
    .map((line) => {
      const [, id = '', , inDatabase = '', inCode = '', provedBy = ''] = line
        .split('|')
        .map((cell) => cell.trim());
      return { id, inDatabase, inCode, provedBy };
    });
}

/** Names in backticks that no migration says. */
export function unknownDatabaseNames(text: string, sql: string): readonly string[] {
  return [...text.matchAll(/`([a-z_]+(?:\.[a-z_]+)?)`/g)]
    .map((match) => match[1] ?? '')
    .filter((name) => !sql.includes(name));
}
