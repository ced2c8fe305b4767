// Who may import whom (ARCHITECTURE.md says why). A fence that has never reported a breach is no
// fence: every rule has a planted one, in test/fences/planted/**/<rule>.ts, that must be reported.
const MAY = {
  domain: ['domain'],
  'use-cases': ['domain', 'use-cases'],
  adapters: ['domain', 'use-cases', 'adapters'],
};
const SERVICE = '^apps/(order|ledger|payout)/src/';
/** A spec stands beside the code it tries, and may use the real database and the real vendors. */
const SPECS = ['\\.spec\\.tsx?$', '^apps/[^/]+/src/testing/'];
/** Vendors fill a port; one is chosen only where a process is wired. */
const VENDOR_LIBS = '^libs/(psp-stripe|bus-kafka|key-store-file)/';
const BROWSER = '^(libs/(host|mini|proof)|apps/web)/src/';
const rule = (name, from, to) => ({ name, severity: 'error', from, to });

module.exports = {
  forbidden: [
    rule('no-cycles', {}, { circular: true }),
    // An import that resolves to nothing matches no other rule: the fence would be open and silent.
    rule('nothing-unresolved', {}, { couldNotResolve: true }),
    rule('libs-know-no-app', { path: '^libs/' }, { path: '^apps/' }),
    rule(
      'services-do-not-meet',
      { path: '^apps/(?!stuiver/)([^/]+)/' },
      { path: '^apps/', pathNot: '^apps/$1/' },
    ),
    rule(
      'one-door-per-package',
      { path: '^(apps|libs)/([^/]+)/' },
      { path: '^(apps|libs)/[^/]+/', pathNot: ['^[^/]+/[^/]+/src/index\\.ts$', '^$1/$2/'] },
    ),
    rule(
      'main-chooses-the-vendor',
      { path: SERVICE, pathNot: ['/src/main\\.ts$', ...SPECS] },
      { path: VENDOR_LIBS },
    ),
    rule(
      'libs-choose-no-vendor',
      { path: '^libs/([^/]+)/', pathNot: SPECS },
      { path: VENDOR_LIBS, pathNot: '^libs/$1/' },
    ),
    rule(
      'vendor-words-stay-home',
      { pathNot: ['^libs/(psp-stripe|bus-kafka)/', '^test/', ...SPECS] },
      { path: 'node_modules/(stripe|kafkajs)/' },
    ),
    ...Object.entries(MAY).map(([layer, may]) =>
      rule(
        `${layer}-looks-inward`,
        { path: `^apps/([^/]+)/src/${layer}/`, pathNot: SPECS },
        { path: '^apps/$1/src/', pathNot: may.map((inner) => `^apps/$1/src/${inner}/`) },
      ),
    ),
    rule(
      'domain-is-pure',
      { path: '^apps/[^/]+/src/domain/', pathNot: SPECS },
      { path: ['node_modules', '^libs/(?!(money|ids|errors|proof)/)'] },
    ),
    rule(
      'domain-needs-no-node',
      { path: '^apps/[^/]+/src/domain/', pathNot: SPECS },
      { dependencyTypes: ['core'] },
    ),
    rule(
      'use-cases-need-no-framework',
      { path: '/src/use-cases/', pathNot: SPECS },
      { path: 'node_modules/(@nestjs|fastify|typeorm|pg|kafkajs|stripe)/' },
    ),
    rule(
      'use-cases-know-ports-only',
      { path: '/src/use-cases/', pathNot: SPECS },
      { path: '^libs/(?!(money|ids|errors|contracts|ports|psp|proof)/)' },
    ),
    rule(
      'model-knows-no-ledger',
      // What it says is worth nothing if it is what the ledger says.
      { path: '^apps/ledger/src/simulator/model/' },
      { path: '^apps/', pathNot: '^apps/ledger/src/simulator/model/' },
    ),
    rule('browser-needs-no-node', { path: BROWSER, pathNot: SPECS }, { dependencyTypes: ['core'] }),
    rule(
      'browser-needs-no-server',
      { path: BROWSER, pathNot: SPECS },
      { path: '^libs/(?!(host|mini|money|console-api|proof)/)' },
    ),
    rule('tests-use-the-wire', { path: '^test/' }, { path: '^apps/' }),
    rule(
      'tests-know-the-vocabulary',
      // One adapter is shown to the mock of whom it speaks to.
      { path: '^test/(?!psp/)' },
      { path: '^libs/(?!(testing|contracts|money|ids)/)' },
    ),
    rule(
      'testing-is-for-tests',
      { pathNot: ['^test/', '^libs/testing/', '^tools/', ...SPECS] },
      { path: '^libs/testing/' },
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['/dist/', '^test/fences/planted'] },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    // Without `source`, packages of the workspace resolve to builds that may not be there.
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'import', 'require', 'node', 'default'],
      mainFields: ['main', 'types'],
    },
  },
};
