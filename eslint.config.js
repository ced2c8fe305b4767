// strictTypeChecked plus the house's own bans (tools/house-rules.mjs).
import js from '@eslint/js';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';
import * as ban from './tools/house-rules.mjs';

const SPECS = ['**/*.spec.ts', '**/*.spec.tsx', 'test/**', 'libs/testing/**'];

/** @param {ban.Ban[][]} lists */
const restrict = (...lists) => [
  'error',
  ...lists.flat().map(({ selector, message }) => ({ selector, message })),
];

const SIZES = {
  complexity: ['error', 10],
  'max-lines': ['error', { max: 300 }],
  'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
};

export default defineConfig(
  {
    ignores: ['**/dist/', '**/node_modules/', '.data/', '.cache/', 'test/fences/planted/'],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [js.configs.recommended, tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['apps/web/vite.config.ts'] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      ...SIZES,
      'no-undef': 'off', // The compiler knows better.
      'no-restricted-syntax': restrict(
        ...[ban.ALWAYS, ban.PLATFORM, ban.UNPREDICTABLE, ban.MONEY, ban.ENVIRONMENT, ban.HTTP],
      ),
      eqeqeq: 'error',
      // A number prints as it is; anything else in a text is a mistake more often than not.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      'max-params': ['error', 4],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      // A Nest module has a decorator and nothing else.
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
    },
  },
  {
    // The adapters of Clock, Random and Log themselves.
    files: ['libs/ports/src/*.ts'],
    rules: { 'no-restricted-syntax': restrict(ban.ALWAYS, ban.MONEY, ban.ENVIRONMENT) },
  },
  {
    // Where the environment enters, and where it is handed on to a child process.
    files: [
      '**/{config,main}.ts',
      'apps/stuiver/src/{commands,embedded,run,bench}/**',
      'libs/postgres/src/embedded.ts',
      'libs/kafka-broker/src/find-kafka.ts',
    ],
    rules: {
      'no-restricted-syntax': restrict(
        ...[ban.ALWAYS, ban.PLATFORM, ban.UNPREDICTABLE, ban.MONEY, ban.HTTP],
      ),
    },
  },
  {
    // What Nest injects stands in the constructor, one by one.
    files: ['**/*.controller.ts'],
    rules: { 'max-params': 'off' },
  },
  {
    // In a page the time of day is the platform's.
    files: ['apps/web/src/**', 'libs/host/src/**', 'libs/mini/src/**'],
    rules: { 'no-restricted-syntax': restrict(ban.ALWAYS, ban.UNPREDICTABLE, ban.MONEY) },
  },
  {
    files: SPECS,
    rules: {
      'max-lines-per-function': 'off', // A describe is one function; a flow is a story.
      'no-restricted-syntax': restrict(ban.ALWAYS, ban.UNPREDICTABLE, ban.TESTS),
    },
  },
  {
    files: ['**/vite.config.ts'],
    rules: { 'no-restricted-syntax': 'off' }, // Vite asks for a default export.
  },
  {
    files: ['**/*.js', '**/*.mjs', '**/*.cjs'],
    extends: [js.configs.recommended],
    languageOptions: {
      globals: Object.fromEntries(
        ['process', 'URL', 'module', 'setTimeout', 'clearTimeout', 'performance'].map((name) => [
          name,
          'readonly',
        ]),
      ),
    },
    rules: SIZES,
  },
  {
    // What a page loads as it is: its globals are the browser's.
    files: ['apps/*/mini-program/**', 'apps/web/public/**'],
    rules: { 'no-undef': 'off' },
  },
);
