export default {
  // A limit against hanging, not a judgement of speed: the machine may be busy.
  testTimeout: 30_000,
  extensionsToTreatAsEsm: ['.ts'],
  modulePathIgnorePatterns: ['/dist/', '<rootDir>/.cache/'],
  testMatch: ['**/*.spec.ts', '**/*.spec.tsx', '**/*.flow.ts', '**/*.sim.ts'],
  testPathIgnorePatterns: [
    '/node_modules/',
    '/dist/',
    '/test/fences/planted/',
    // Copies of the tree, while mutants are tried.
    '<rootDir>/.cache/',
  ],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  testEnvironmentOptions: { customExportConditions: ['source', 'node', 'node-addons'] },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, useDefineForClassFields: false },
        },
        module: { type: 'es6' },
      },
    ],
  },
};
