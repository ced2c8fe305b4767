import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { CONTRACTS, renderContracts } from './export-contracts.mjs';
import * as tidy from './tidy.js';

const CODE = /\.(ts|tsx|mjs|cjs|js|css)$/;
/** Prettier holds code to 100; a comment or a text may need a little more. */
const LINE_CHARACTERS_MAX = 140;
const FILE_LINES_MAX = 300;
const SQL_LINES_MAX = 400;
const MARKDOWN_LINES_MAX = 400;

const files = tidy.listFiles().filter((path) => !path.startsWith('test/fences/planted/'));
const ending = (pattern: RegExp): readonly string[] => files.filter((path) => pattern.test(path));
const markdown = ending(/\.md$/);

describe('files', () => {
  it('are short enough to be one thing', () => {
    expect(tidy.longFiles(ending(CODE), FILE_LINES_MAX)).toEqual([]);
    expect(tidy.longFiles(ending(/\.sql$/), SQL_LINES_MAX)).toEqual([]);
    expect(tidy.longFiles(markdown, MARKDOWN_LINES_MAX)).toEqual([]);
  });

  it('have lines that fit beside another file', () => {
    expect(tidy.longLines(ending(/\.(ts|tsx|mjs|cjs|js|sql)$/), LINE_CHARACTERS_MAX)).toEqual([]);
  });

  it('leave nothing to be done without an issue number, and name no path of one machine', () => {
    const documents = files.filter((path) => path !== 'tools/tidy.ts');
    expect(tidy.breaches(documents, tidy.TEXT_RULES)).toEqual([]);
  });
});

describe('SQL and YAML', () => {
  it('keep to the ban list', () => {
    expect(tidy.breaches(ending(/\.sql$/), tidy.SQL_RULES)).toEqual([]);
    expect(tidy.breaches(ending(/\.ya?ml$/), tidy.YAML_RULES)).toEqual([]);
  });

  it.each([...tidy.SQL_RULES, ...tidy.YAML_RULES, ...tidy.TEXT_RULES])(
    'are seen when they break it: $breaks',
    ({ banned, breaks }) => {
      expect(breaks).toMatch(banned);
    },
  );
});

describe('migrations', () => {
  it('that are frozen have not changed', () => {
    const changed = tidy
      .frozenMigrations()
      .filter(({ path, sha256 }) => !files.includes(path) || tidy.sha256Of(path) !== sha256);
    expect(changed.map(({ path }) => path)).toEqual([]);
  });

  it('are forward only: a folder per step with its up.sql', () => {
    const steps = ending(/\.sql$/).filter((path) => path.startsWith('apps/'));
    const odd = steps.filter(
      (path) =>
        !/^apps\/\w+\/(migrations|people)\/\d{4}-[a-z0-9-]+\/(up|before|after)\.sql$/.test(path),
    );
    expect(odd).toEqual([]);
  });
});

describe('documents', () => {
  it.each(markdown)('%s has one title, on its first line', (path) => {
    const text = tidy.read(path);
    expect(tidy.titlesOf(text)).toHaveLength(1);
    expect(text.startsWith('# ')).toBe(true);
  });

  it.each(markdown)('%s leads to files that are there', (path) => {
    expect(tidy.deadLinks(path)).toEqual([]);
  });

  it('in docs/contracts are what libs/contracts says today: npm run contracts', async () => {
    const rendered = await renderContracts();
    expect((await readdir(CONTRACTS)).sort()).toEqual([...rendered.keys()].sort());
    for (const [name, text] of rendered) {
      expect(await readFile(join(CONTRACTS, name), 'utf8')).toBe(text);
    }
  });

  it('in docs/contracts tell what every event means', async () => {
    const asyncapi = JSON.parse((await renderContracts()).get('asyncapi.json') ?? '') as {
      components: { messages: Record<string, { summary: string }> };
    };
    const silent = Object.entries(asyncapi.components.messages).filter(
      ([, { summary }]) => summary === '',
    );
    expect(silent).toEqual([]);
  });
});

describe('the invariant register', () => {
  const rows = tidy.invariantRows();
  // The sandbox makes its tables itself, from its sources.
  const sql = ending(/\.sql$|^apps\/psp-sandbox\/src\/.*(schema|store)\.ts$/)
    .map(tidy.read)
    .join('\n');

  it('has rows', () => {
    expect(rows.length).toBeGreaterThan(0);
  });

  it.each(rows)('$id has two guards and a proof', ({ inDatabase, inCode, provedBy }) => {
    expect(inDatabase).not.toBe('');
    expect(inCode).toContain('`');
    expect(provedBy).toContain('.spec.ts`');
  });

  it.each(rows)('$id names what the migrations say', ({ inDatabase }) => {
    expect(tidy.unknownDatabaseNames(inDatabase, sql)).toEqual([]);
  });
});

describe('packages', () => {
  it('never depend on each other in a circle', () => {
    expect(tidy.circles(tidy.packageGraph(files))).toEqual([]);
  });

  it('in a circle are seen', () => {
    const graph = new Map([
      ['a', ['b']],
      ['b', ['c']],
      ['c', ['a']],
      ['d', ['a']],
    ]);
    expect(tidy.circles(graph)).toEqual(['a → b → c → a', 'b → c → a → b', 'c → a → b → c']);
  });
});
