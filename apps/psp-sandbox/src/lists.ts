import { z } from 'zod';
import { check, Expand, Limit, type Page } from './parameters.js';
import { invalid } from './problem.js';
import type { Doc, Objects } from './store.js';

type PageAsked = z.infer<z.ZodObject<typeof Page>>;

interface List {
  object: string;
  url: string;
  page: PageAsked;
  equal?: Readonly<Record<string, string | undefined>>;
  anyOf?: Readonly<Record<string, readonly string[] | undefined>>;
  /** A condition of the caller's own, with one value. */
  within?: { readonly sql: string; readonly value: string };
}

/** One page, newest first. `equal` filters by fields of the object; what is undefined filters nothing. */
export async function listOf(objects: Objects, list: List): Promise<unknown> {
  const { object, page, url } = list;
  const where = conditionsOf(list);
  const { data, hasMore } = await turnPage(objects, { where, object, page });
  return { object: 'list', data, has_more: hasMore, url };
}

/** What an object must be to stand in the list. */
function conditionsOf({ object, page, equal = {}, anyOf = {}, within }: List): Conditions {
  const where = new Conditions();
  where.add('object = ?', object);
  for (const [field, value] of Object.entries(equal)) {
    if (value !== undefined) where.add(`doc->>'${field}' = ?`, value);
  }
  for (const [field, values] of Object.entries(anyOf)) {
    if (values !== undefined) where.add(`doc->>'${field}' = any(?)`, values);
  }
  if (within !== undefined) where.add(within.sql, within.value);
  addCreated(where, page);
  return where;
}

function addCreated(where: Conditions, page: PageAsked): void {
  const sides = { gt: '>', gte: '>=', lt: '<', lte: '<=' } as const;
  for (const [side, sign] of Object.entries(sides)) {
    const at = (page.created as Readonly<Record<string, number | undefined>> | undefined)?.[side];
    if (at !== undefined) where.add(`(doc->>'created')::bigint ${sign} ?`, at);
  }
}

async function turnPage(
  objects: Objects,
  what: { where: Conditions; object: string; page: PageAsked },
): Promise<{ data: Doc[]; hasMore: boolean }> {
  const { where, object, page } = what;
  const { limit, starting_after: after, ending_before: before } = page;
  if (after !== undefined && before !== undefined) {
    throw invalid('You can only pass one of starting_after and ending_before.', {
      param: 'ending_before',
    });
  }
  if (after !== undefined) where.add('seq < ?', await seqOf(objects, object, after));
  // Backwards is the page that ends just before: the nearest ones first, then turned round.
  if (before !== undefined) where.add('seq > ?', await seqOf(objects, object, before, 'before'));
  const order = before === undefined ? 'desc' : 'asc';
  const found = await objects.select(`${where.sql} order by seq ${order} limit ${limit + 1}`, [
    ...where.values,
  ]);
  const data = found.slice(0, limit);
  return {
    data: before === undefined ? data : data.reverse(),
    hasMore: found.length > limit,
  };
}

async function seqOf(
  objects: Objects,
  object: string,
  id: string,
  side: 'after' | 'before' = 'after',
): Promise<string> {
  const seq = await objects.seqOf(object, id);
  if (seq !== undefined) return seq;
  throw invalid(`No such ${object}: '${id}'`, {
    code: 'resource_missing',
    param: side === 'after' ? 'starting_after' : 'ending_before',
  });
}

/** SQL conditions with their values; `?` stands for the next value. */
class Conditions {
  readonly values: unknown[] = [];
  private readonly texts: string[] = [];

  get sql(): string {
    return this.texts.join(' and ');
  }

  add(text: string, value: unknown): void {
    this.values.push(value);
    this.texts.push(text.replace('?', `$${this.values.length}`));
  }
}

const SearchParameters = z.strictObject({
  query: z.string().min(1),
  limit: Limit,
  page: z.string().optional(),
  expand: Expand,
});
const CLAUSE =
  /^(?:metadata\["?'?([\w-]{1,40})'?"?\]|(status|currency)):(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")$/;

/** Stripe's search, as far as `metadata['key']:'value'`, `status` and `currency`, joined by AND. */
export async function searchIntents(objects: Objects, given: unknown): Promise<unknown> {
  const asked = check(SearchParameters, given);
  const where = new Conditions();
  where.add('object = ?', 'payment_intent');
  for (const clause of asked.query.trim().split(/\s+AND\s+/i)) addClause(where, clause);
  const { data, hasMore } = await turnPage(objects, {
    where,
    object: 'payment_intent',
    page: { limit: asked.limit, starting_after: asked.page },
  });
  return {
    object: 'search_result',
    data,
    has_more: hasMore,
    next_page: hasMore ? data.at(-1)?.id : null,
    url: '/v1/payment_intents/search',
  };
}

function addClause(where: Conditions, clause: string): void {
  const match = CLAUSE.exec(clause);
  if (match === null) {
    throw invalid(`The sandbox does not understand the search clause ${clause}`, {
      param: 'query',
    });
  }
  const [, key, field = '', single, double] = match;
  const value = (single ?? double ?? '').replaceAll(/\\(.)/g, '$1');
  if (key === undefined) where.add(`doc->>'${field}' = ?`, value);
  else where.add(`doc->'metadata' @> ?::jsonb`, JSON.stringify({ [key]: value }));
}
