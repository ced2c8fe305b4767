// Who may import whom (ARCHITECTURE.md, "Fences"). Every rule has a planted violation in test/fences/planted.
const MAY = {
  domain: ['domain'],
  'use-cases': ['domain', 'use-cases'],
  adapters: ['domain', 'use-cases', 'adapters'],
};
const SERVICE = '^apps/(order|ledger|payout)/src/';
/** Vendors fill a port; only where a process is wired is one chosen. */
const VENDOR_LIBS = '^libs/(psp-stripe|bus-kafka|key-store-file)/';
const rule = (name, from, to) => ({ name, severity: 'error', from, to });

module.exports = {
  forbidden: [
    rule('no-cycles', {}, { circular: true }),
    rule('libs-know-no-app', { path: '^libs/' }, { path: '^apps/' }),
    rule(
      'services-do-not-meet',
      { path: '^apps/(?!stuiver/)([^/]+)/' },
      { path: '^apps/', pathNot: '^apps/$1/' },
    ),
    rule(
      'main-chooses-the-vendor',
      { path: SERVICE, pathNot: '/src/main\\.ts$' },
      { path: VENDOR_LIBS },
    ),
    rule('tests-use-the-wire', { path: '^test/' }, { path: '^apps/' }),
    rule(
      'one-door-per-package',
      { path: '^(apps|libs)/([^/]+)/' },
      { path: '^(apps|libs)/[^/]+/', pathNot: ['^[^/]+/[^/]+/src/index\\.ts$', '^$1/$2/'] },
    ),
    ...Object.entries(MAY).map(([layer, may]) =>
      rule(
        `${layer}-looks-inward`,
        { path: `^apps/([^/]+)/src/${layer}/` },
        { path: '^apps/$1/src/', pathNot: may.map((inner) => `^apps/$1/src/${inner}/`) },
      ),
    ),
    rule(
      'domain-is-pure',
      { path: '^apps/[^/]+/src/domain/', pathNot: '\\.spec\\.ts$' },
      { path: ['node_modules', '^libs/(?!money|ids|errors)'] },
    ),
    rule(
      'domain-needs-no-node',
      { path: '^apps/[^/]+/src/domain/', pathNot: '\\.spec\\.ts$' },
      { dependencyTypes: ['core'] },
    ),
    rule(
      'use-cases-need-no-framework',
      { path: '/src/use-cases/', pathNot: '\\.spec\\.ts$' },
      { path: 'node_modules/(@nestjs|typeorm|pg|kafkajs|stripe)/' },
    ),
    rule(
      'use-cases-know-ports-only',
      { path: '/src/use-cases/', pathNot: '\\.spec\\.ts$' },
      { path: '^libs/(?!money|ids|errors|ports|contracts|psp/|testing)' },
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['/dist/', '^test/fences/planted'] },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'import', 'require', 'node', 'default'],
      mainFields: ['main', 'types'],
    },
  },
};
