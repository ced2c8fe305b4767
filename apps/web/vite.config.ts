import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import preact from '@preact/preset-vite';
import { build } from 'esbuild';
import { defineConfig, type Plugin } from 'vite';

export default defineConfig({
  plugins: [preact(), receiptPage()],
  resolve: { conditions: ['source', 'module', 'browser', 'default'] },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    // The page's policy allows no data: scripts and no inline ones.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});

/** `verify.html`: one file with everything in it, so that who saves it has all of it. */
function receiptPage(): Plugin {
  const at = (name: string): string =>
    fileURLToPath(new URL(`src/verify/${name}`, import.meta.url));
  return {
    name: 'stuiver-receipt-page',
    apply: 'build',
    async generateBundle() {
      const { outputFiles } = await build({
        entryPoints: [at('verify.ts')],
        bundle: true,
        minify: true,
        format: 'iife',
        target: 'es2022',
        conditions: ['source'],
        write: false,
      });
      const script = outputFiles[0]?.text ?? '';
      const page = await readFile(at('verify.html'), 'utf8');
      const source = page.replace('/* verify.js */', () => script);
      this.emitFile({ type: 'asset', fileName: 'verify.html', source });
    },
  };
}
