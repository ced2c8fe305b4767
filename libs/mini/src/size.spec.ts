import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { build } from 'esbuild';

const GZIP_BYTES_MAX = 5_000;

describe('what a mini-program loads', () => {
  it('stays within 5 kB, gzipped', async () => {
    const { outputFiles } = await build({
      entryPoints: [join(import.meta.dirname, 'index.ts')],
      ...{ bundle: true, minify: true, format: 'esm', target: 'es2022', write: false },
    });
    const bytes = outputFiles.map(({ contents }) => gzipSync(contents).length);
    expect(bytes).toHaveLength(1);
    expect(Math.max(...bytes)).toBeLessThan(GZIP_BYTES_MAX);
  });
});
