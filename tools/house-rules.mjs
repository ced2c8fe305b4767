// What the house bans beyond the common rule sets. Each ban names what to use instead: a rule that
// only forbids gets switched off. `breaks` is a planted violation that test/fences must see reported.

/**
 * @typedef {object} Ban
 * @property {string} selector  ESQuery, for ESLint's no-restricted-syntax.
 * @property {string} message   the replacement.
 * @property {string} breaks    TypeScript that breaks it.
 */

/** Hold for all code, tests included. @type {Ban[]} */
export const ALWAYS = [
  {
    selector: 'TSEnumDeclaration',
    message: 'No enum: write a const object `as const` and the union of its values.',
    breaks: 'enum State { Open }',
  },
  {
    selector: 'TSModuleDeclaration[kind="namespace"]',
    message: 'No namespace: a file is a module.',
    breaks: 'namespace Orders { }',
  },
  {
    selector: 'ExportDefaultDeclaration',
    message: 'No default export: name what you export.',
    breaks: 'export default 1;',
  },
  {
    selector: 'ForInStatement',
    message: 'No for…in: use for…of over Object.entries().',
    breaks: 'for (const key in {}) { }',
  },
];

/** The platform's clock, dice and mouth: only the adapters of the ports touch them. @type {Ban[]} */
export const PLATFORM = [
  {
    selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']",
    message: 'Ask Clock (@stuiver/ports) for the time; performance.now() measures a duration.',
    breaks: 'Date.now();',
  },
  {
    selector: "NewExpression[callee.name='Date'][arguments.length=0]",
    message: 'Ask Clock (@stuiver/ports) for the time: clock.now().',
    breaks: 'new Date();',
  },
];

/** @type {Ban[]} */
export const UNPREDICTABLE = [
  {
    selector: "MemberExpression[object.name='Math'][property.name='random']",
    message: 'Ask Random (@stuiver/ports) for bytes; ids come from @stuiver/ids.',
    breaks: 'Math.random();',
  },
  {
    selector: "MemberExpression[object.name='console']",
    message: 'Tell Log (@stuiver/ports); what a person reads goes to process.stdout.',
    breaks: "console.log('paid');",
  },
];

const AMOUNT = '/(amount|minor|fee|balance|cents|total|price|gross|net)$/i';

/** @type {Ban[]} */
export const MONEY = [
  {
    selector: "CallExpression[callee.name='parseFloat']",
    message: 'A float is no amount: Money.parseMajor for money, Rate for a share (@stuiver/money).',
    breaks: "parseFloat('1.10');",
  },
  {
    selector: "MemberExpression[object.name='Number'][property.name='parseFloat']",
    message: 'A float is no amount: Money.parseMajor for money, Rate for a share (@stuiver/money).',
    breaks: "Number.parseFloat('1.10');",
  },
  {
    selector: `CallExpression[callee.name=/^(Number|parseInt)$/] > Identifier[name=${AMOUNT}]`,
    message: 'Amounts stay bigint: Money, or minorOf for text (@stuiver/money).',
    breaks: 'Number(feeMinor);',
  },
  {
    selector: `CallExpression[callee.name=/^(Number|parseInt)$/] > MemberExpression[property.name=${AMOUNT}]`,
    message: 'Amounts stay bigint: Money, or minorOf for text (@stuiver/money).',
    breaks: 'Number(order.amount.total);',
  },
];

/** @type {Ban[]} */
export const ENVIRONMENT = [
  {
    selector: "MemberExpression[object.name='process'][property.name='env']",
    message: 'config.ts reads and checks the environment; take the value as an argument.',
    breaks: "process.env['PORT'];",
  },
];

/** @type {Ban[]} */
export const HTTP = [
  {
    selector: "Decorator > CallExpression[callee.name='Body']",
    message: 'A bare @Body() validates nothing: @ValidBody(Class) from @stuiver/http does.',
    breaks: 'class Orders { open(@Body() body: object) { } }',
  },
];

/** @type {Ban[]} */
export const TESTS = [
  {
    selector: "CallExpression[callee.object.name='jest'][callee.property.name=/mock/i]",
    message: 'No module mocks: write a fake that fills the port, in @stuiver/testing.',
    breaks: "jest.mock('./ledger.js');",
  },
  {
    selector: 'CallExpression[callee.name=/^(it|test|describe)$/] > Literal[value=/\\bshould\\b/]',
    message: 'A test name is a fact in the present tense: "refuses …", not "should refuse …".',
    breaks: "it('should work', () => {});",
  },
  {
    selector:
      "CallExpression[callee.object.name=/^(it|test|describe)$/][callee.property.name='only']",
    message: 'A test run alone leaves the others out: remove .only.',
    breaks: "it.only('pays', () => {});",
  },
];
