import tseslint from 'typescript-eslint';

const AMOUNTS = 'Amounts are bigint minor units: use Money.parseMajor or minorOf (libs/money).';
/** Each ban names its replacement. */
const BANNED_GLOBALS = [
  { name: 'parseFloat', message: AMOUNTS },
  { name: 'console', message: 'Say it through Log (libs/ports).' },
];
const BANNED_PROPERTIES = [
  { object: 'Number', property: 'parseFloat', message: AMOUNTS },
  { object: 'Math', property: 'random', message: 'Take Random (libs/ports).' },
  { object: 'Date', property: 'now', message: 'Take Clock (libs/ports).' },
  { object: 'jest', property: 'mock', message: 'Write a fake that fills the port (libs/testing).' },
];
const BANNED_SYNTAX = [
  { selector: 'TSEnumDeclaration', message: 'Use an object `as const` and its key type.' },
  { selector: 'TSModuleDeclaration[kind="namespace"]', message: 'Use a file.' },
  {
    selector: "NewExpression[callee.name='Date'][arguments.length=0]",
    message: 'Take Clock (libs/ports).',
  },
  { selector: 'ExportDefaultDeclaration', message: 'Export by name.' },
  {
    selector: "Decorator > CallExpression[callee.name='Body']",
    message: 'A bare @Body() validates nothing: use @ValidBody(Class) (libs/http).',
  },
  {
    selector: "Decorator > CallExpression[callee.name='Query']",
    message: 'A bare @Query() validates nothing: use @ValidQuery(Class) (libs/http).',
  },
];
const ENVIRONMENT = {
  selector: "MemberExpression[object.name='process'][property.name='env']",
  message: 'Configuration is read and checked in config.ts.',
};

export default tseslint.config(
  { ignores: ['**/dist/', '**/node_modules/', '.data/', '.cache/', 'test/fences/planted/'] },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      // Nest modules, DTOs and listeners are classes that carry decorators only.
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      'max-lines': ['error', 300],
      'max-lines-per-function': ['error', 60],
      complexity: ['error', 10],
      'no-restricted-globals': ['error', ...BANNED_GLOBALS],
      'no-restricted-properties': ['error', ...BANNED_PROPERTIES],
      'no-restricted-syntax': ['error', ...BANNED_SYNTAX, ENVIRONMENT],
    },
  },
  {
    // The platform's own edges: where the ports are filled, programs begin and tests look from outside.
    files: ['libs/ports/src/**', 'libs/testing/src/**', 'apps/*/src/main.ts', 'apps/*/src/config.ts', 'apps/stuiver/src/**', 'libs/postgres/src/embedded*.ts', 'test/**', '**/*.spec.ts'],
    rules: { 'no-restricted-syntax': ['error', ...BANNED_SYNTAX.filter(({ message }) => !message.includes('Clock'))] },
  },
  {
    files: ['**/*.spec.ts', 'test/**'],
    rules: { 'max-lines-per-function': 'off' },
  },
  {
    files: ['apps/web/vite.config.ts'],
    rules: { 'no-restricted-syntax': 'off' },
  },
);
