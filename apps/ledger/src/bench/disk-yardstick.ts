import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BenchLine, measure } from './measure.js';

const WRITES = 300;
const BLOCK = Buffer.alloc(8_192, 1);

/** One durable write of a block: what a commit cannot be quicker than. On the disk of the temporary folder, as the server. */
export async function measureDisk(): Promise<BenchLine> {
  const folder = await mkdtemp(join(tmpdir(), 'stuiver-disk-'));
  const file = await open(join(folder, 'blocks'), 'w');
  try {
    const one = async (): Promise<void> => {
      await file.write(BLOCK);
      await file.datasync();
    };
    return await measure({ name: 'ledger.disk.write', n: WRITES, concurrency: 1, one });
  } finally {
    await file.close();
    await rm(folder, { recursive: true, force: true });
  }
}
