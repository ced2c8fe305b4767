import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import preact from '@preact/preset-vite';
import { build } from 'esbuild';
import { defineConfig, type Plugin } from 'vite';

export default defineConfig({
  plugins: [preact(), ...['verify', 'card'].map(singlePage)],
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

/** `{name}.html`: one file with everything in it. Who saves the receipts' page has all of it; the cards' page loads no more. */
function singlePage(name: string): Plugin {
  const at = (file: string): string =>
    fileURLToPath(new URL(`src/${name}/${file}`, import.meta.url));
  return {
    name: `stuiver-${name}-page`,
    apply: 'build',
    async generateBundle() {
      const { outputFiles } = await build({
        entryPoints: [at(`${name}.ts`)],
        bundle: true,
        minify: true,
        format: 'iife',
        target: 'es2022',
        conditions: ['source'],
        write: false,
      });
      const script = outputFiles[0]?.text ?? '';
      const page = await readFile(at(`${name}.html`), 'utf8');
      const source = page.replace(`/* ${name}.js */`, () => script);
      this.emitFile({ type: 'asset', fileName: `${name}.html`, source });
    },
  };
}
