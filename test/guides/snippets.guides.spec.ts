import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, REPOSITORY_ROOT, type RunningStuiver, startStuiver } from '@stuiver/testing';

const PROGRAM_MS_MAX = 30_000;
const DOCUMENTS = ['README.md', 'docs/guides/first-payment.md'];

/** Programs in the documents: JavaScript blocks whose first line is a file name. */
async function programsIn(document: string): Promise<readonly (readonly [string, string])[]> {
  const text = await readFile(join(REPOSITORY_ROOT, document), 'utf8');
  const blocks = text.matchAll(/^```js\n(\/\/ (\S+\.mjs)\n[\s\S]*?)^```/gm);
  return [...blocks].map((block) => [block[2] ?? '', block[1] ?? ''] as const);
}

interface Heard {
  readonly child: ChildProcess;
  readonly text: () => string;
}

function start(program: string, folder: string): Heard {
  const child = spawn(process.execPath, [program], {
    cwd: folder,
    env: { ...process.env, NODE_OPTIONS: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
  }
  return { child, text: () => text };
}

describe('the programs in the documents', () => {
  let stuiver: RunningStuiver;
  /** Where a reader would be: packages can be found from here, and `.data` is that of the running Stuiver. */
  let folder: string;

  beforeAll(async () => {
    stuiver = await startStuiver();
    await mkdir(join(REPOSITORY_ROOT, '.cache'), { recursive: true });
    folder = await mkdtemp(join(REPOSITORY_ROOT, '.cache', 'guides-'));
    await symlink(stuiver.dataDir, join(folder, '.data'));
    for (const document of DOCUMENTS) {
      for (const [name, code] of await programsIn(document)) {
        await writeFile(join(folder, name), code);
      }
    }
  });

  afterAll(async () => {
    await stuiver.dispose();
    await rm(folder, { recursive: true });
  });

  /** As the payer: opens the printed link and pays by iDEAL. */
  async function runAndPay(program: string): Promise<string> {
    const { child, text } = start(program, folder);
    const link = await eventually(
      `${program} prints a link`,
      () => {
        if (child.exitCode !== null) throw new Error(`${program} ended: ${text()}`);
        return /pay here: (\S+)/.exec(text())?.[1];
      },
      PROGRAM_MS_MAX,
    );
    const answer = await fetch(new URL('/sandbox/pay', stuiver.apiUrl), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ code_url: link, method: 'ideal', outcome: 'success' }),
    });
    expect(await answer.json()).toMatchObject({ errMsg: 'requestPayment:ok' });
    const code = await eventually(
      `${program} ends`,
      () => (child.exitCode === null ? undefined : { exit: child.exitCode }),
      PROGRAM_MS_MAX,
    ).finally(() => child.kill());
    expect({ code, text: text() }).toMatchObject({ code: { exit: 0 } });
    return text();
  }

  it.each(['first-payment.mjs', 'first-payment-axios.mjs'])('pay with %s', async (program) => {
    expect(await runAndPay(program)).toContain('SUCCESS 250 EUR');
  });

  it('are notified and refund half with shop.mjs', async () => {
    const text = await runAndPay('shop.mjs');
    expect(text).toContain('TRANSACTION.SUCCESS SUCCESS');
    expect(text).toContain('REFUND.SUCCESS SUCCESS');
  });
});
