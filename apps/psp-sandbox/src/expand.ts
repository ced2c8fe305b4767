import { type Answer, invalid } from './problem.js';
import type { Objects } from './store.js';

const DEPTH_MAX = 4;

/** Puts whole objects where their ids stand, as `expand[]` asks. @throws StripeProblem for a path that leads nowhere */
export async function expandAnswer(
  objects: Objects,
  answer: Answer,
  given: Readonly<Record<string, unknown>>,
): Promise<Answer> {
  const paths = Array.isArray(given['expand']) ? given['expand'].map(String) : [];
  if (paths.length === 0 || answer.status !== 200) return answer;
  const body = structuredClone(answer.body);
  for (const path of paths) await expandPath(objects, body, path.split('.'));
  return { ...answer, body };
}

async function expandPath(objects: Objects, at: unknown, path: readonly string[]): Promise<void> {
  const [field, ...rest] = path;
  if (field === undefined || at === null) return;
  if (path.length > DEPTH_MAX) throw invalid('You cannot expand more than 4 levels of a property.');
  if (Array.isArray(at)) {
    for (const item of at) await expandPath(objects, item, path);
    return;
  }
  if (typeof at !== 'object' || !(field in at)) {
    throw invalid(`This property cannot be expanded (${field}).`, { param: 'expand' });
  }
  const holder = at as Record<string, unknown>;
  const value = holder[field];
  if (typeof value === 'string') holder[field] = (await objects.find(value)) ?? value;
  await expandPath(objects, holder[field], rest);
}
