import type { Problem, StaffMe } from '@stuiver/console-api';
import { signal } from '@preact/signals';

/** Undefined while it is being asked for; null when nobody is signed in. */
export const me = signal<StaffMe | null | undefined>(undefined);

/** The service said no, or did not answer. What a person reads is made of the code and `facts.why`. */
export class ConsoleProblem extends Error {
  override readonly name = 'ConsoleProblem';

  constructor(
    readonly code: string,
    readonly facts: Readonly<Record<string, string | undefined>> = {},
    /** Empty when the service was not reached. */
    readonly requestId = '',
  ) {
    super(code);
  }
}

/** Who is here. Also renews the session, so it is asked again every few minutes. */
export async function loadMe(): Promise<void> {
  const answer = await fetch('/staff/me').catch(() => undefined);
  if (answer === undefined) {
    me.value = me.value ?? null;
    return;
  }
  me.value = answer.ok ? ((await answer.json()) as StaffMe) : null;
}

/** @throws ConsoleProblem. */
export async function read<Answer>(path: string): Promise<Answer> {
  return (await asked(path)) as Answer;
}

/** Something changes: the token of the session goes along, so no other page can do it. @throws ConsoleProblem. */
export async function change<Answer>(path: string, body: unknown): Promise<Answer> {
  return send(path, JSON.stringify(body), 'application/json');
}

/** A file is the body. @throws ConsoleProblem. */
export async function upload<Answer>(path: string, file: File): Promise<Answer> {
  return send(path, await file.arrayBuffer(), 'application/xml');
}

async function send<Answer>(path: string, body: BodyInit, type: string): Promise<Answer> {
  const headers = { 'content-type': type, 'x-csrf-token': me.value?.csrfToken ?? '' };
  return (await asked(path, { method: 'POST', headers, body })) as Answer;
}

async function asked(path: string, init?: RequestInit): Promise<unknown> {
  const answer = await fetch(path, init).catch(() => undefined);
  if (answer === undefined) throw new ConsoleProblem('OFFLINE');
  if (answer.status === 204) return null;
  if (answer.ok) return answer.json();
  if (answer.status === 401) me.value = null;
  const problem = (await answer.json().catch(() => undefined)) as Problem | undefined;
  const requestId = answer.headers.get('request-id') ?? '';
  throw new ConsoleProblem(problem?.code ?? String(answer.status), problem?.facts, requestId);
}
