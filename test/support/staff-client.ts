import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Browser, type RunningStuiver } from '@stuiver/testing';

export interface StaffClient {
  readonly name: string;
  get<Answer>(path: string): Promise<Answer>;
  /** What is no JSON. */
  text(path: string): Promise<string>;
  /** Also answers what is refused. */
  post(path: string, body: unknown): Promise<{ status: number; json: unknown }>;
  /** For bodies that are no JSON. */
  postFile(path: string, content: string): Promise<{ status: number; json: unknown }>;
}

interface DemoStaff {
  readonly name: string;
  readonly email: string;
  readonly password: string;
  readonly roles: readonly string[];
}

/** Someone of the demo's staff, signed in as in a browser. @param place  the first of that role, or a later one. */
export async function staffClient(
  stuiver: RunningStuiver,
  role: string,
  place = 0,
): Promise<StaffClient> {
  const people = await readFile(join(stuiver.dataDir, 'demo', 'staff.json'), 'utf8');
  const person = (JSON.parse(people) as DemoStaff[]).filter(({ roles }) => roles.includes(role))[
    place
  ];
  if (person === undefined) throw new Error(`the demo has no ${role} at ${String(place)}`);
  const browser = new Browser(stuiver.pagesUrl);
  const form = await browser.go('GET', '/staff/sign-in?return_to=%2Fsandbox%2Fmail');
  const { email, password } = person;
  await browser.go('POST', form.url.href, { form: { email, password } });
  const me = JSON.parse((await browser.ask('GET', '/staff/me')).text) as { csrfToken: string };
  const headers = { 'x-csrf-token': me.csrfToken };
  const text = async (path: string): Promise<string> => {
    const { status, text: answer } = await browser.ask('GET', path);
    if (status !== 200) throw new Error(`${path}: ${String(status)} ${answer}`);
    return answer;
  };
  return {
    name: person.name,
    get: async <Answer>(path: string) => JSON.parse(await text(path)) as Answer,
    text,
    post: async (path, body) => told(await browser.ask('POST', path, { json: body, headers })),
    postFile: async (path, content) => told(await browser.ask('POST', path, { content, headers })),
  };
}

function told({ status, text }: { status: number; text: string }): {
  status: number;
  json: unknown;
} {
  return { status, json: text === '' ? null : JSON.parse(text) };
}
