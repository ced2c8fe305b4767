import { readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { errorCode } from '@stuiver/errors';
import { randomText } from '@stuiver/ids';
import type { Random } from '@stuiver/ports';
import type { OperatorClient } from '../commands/operator-client.js';
import { writePrivateFile } from '../run/secrets.js';
import { DEMO_STAFF } from './demo-world.js';

const StaffFile = z.array(
  z.object({
    name: z.string(),
    email: z.string(),
    password: z.string(),
    roles: z.array(z.string()),
    merchants: z.array(z.string()),
  }),
);
type StaffFile = z.infer<typeof StaffFile>;
const Invited = z.object({ invitation_url: z.url().nullable() });

const PASSWORD_CHARACTERS = 20;

/**
 * Demo staff, invited by the operator and coming in by their link. Writes `{dataDir}/demo/staff.json` when all are
 * there; the passwords are kept before they are set, so a start that was cut off goes on where it was.
 */
export async function seedStaff(options: {
  readonly dataDir: string;
  readonly apiUrl: string;
  readonly operator: OperatorClient;
  readonly random: Random;
}): Promise<void> {
  const { dataDir, random } = options;
  const file = join(dataDir, 'demo', 'staff.json');
  if ((await read(file)) !== undefined) return;
  const begun = join(dataDir, 'demo', 'staff.begun.json');
  const people = (await read(begun)) ?? newPeople(random);
  await writePrivateFile(begun, JSON.stringify(people, null, 2));
  for (const person of people) await seedPerson(options, person);
  await rename(begun, file);
}

function newPeople(random: Random): StaffFile {
  return DEMO_STAFF.map(({ name, email, roles, merchants }) => ({
    ...{ name, email, roles: [...roles], merchants: [...merchants] },
    password: randomText(PASSWORD_CHARACTERS, random),
  }));
}

async function seedPerson(
  { apiUrl, operator }: { apiUrl: string; operator: OperatorClient },
  person: StaffFile[number],
): Promise<void> {
  const { password, ...rights } = person;
  const answer = await operator.call('POST', '/operator/staff', rights);
  const { invitation_url: link } = Invited.parse(answer);
  // Came in before the last start was cut off.
  if (link === null) return;
  const token = new URL(link).searchParams.get('token') ?? '';
  const accepted = await fetch(new URL('/staff/invitation', apiUrl), {
    method: 'POST',
    redirect: 'manual',
    headers: { origin: operator.pagesUrl },
    body: new URLSearchParams({ token, password }),
  });
  if (accepted.status !== 303) {
    throw new Error(
      `seeding: the invitation of ${person.email} answers ${String(accepted.status)}`,
    );
  }
}

async function read(path: string): Promise<StaffFile | undefined> {
  try {
    return StaffFile.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
