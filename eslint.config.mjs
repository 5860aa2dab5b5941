// The house rules that a linter can hold (CONTRIBUTING.md). What stands between libs is in .dependency-cruiser.cjs.
import eslint from '@eslint/js';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

const PURE = ['libs/event/src/**/*.ts', 'libs/language/src/**/*.ts', 'libs/engine/src/**/*.ts'];
const TESTS = ['**/*.spec.ts', '**/*.e2e-spec.ts', '**/*-contract*.ts', 'test/**/*.ts'];

/** What a pure lib may not touch, and what it does instead. */
const IMPURE_GLOBALS = {
  process: 'Settings come in as arguments.',
  console: 'Outcomes are values; the caller reports them.',
  setTimeout: 'Time comes in with the event or as an argument.',
  setInterval: 'Time comes in with the event or as an argument.',
  setImmediate: 'Time comes in with the event or as an argument.',
  performance: 'Time comes in with the event or as an argument.',
  fetch: 'No input or output here.',
  crypto: 'Nothing here is random.',
  Buffer: 'No Node built-ins here.',
};

const IMPURE_SYNTAX = {
  'CallExpression[callee.object.name="Date"][callee.property.name="now"]': 'Time comes in as an argument.',
  'NewExpression[callee.name="Date"][arguments.length=0]': 'Time comes in as an argument.',
  'MemberExpression[object.name="Math"][property.name="random"]': 'Nothing here is random.',
  ':not(FunctionDeclaration[id.name="assertNever"] > BlockStatement) > ThrowStatement': 'Outcomes are values.',
  Decorator: 'No decorators in a pure lib.',
};

const EVERYWHERE_SYNTAX = { ExportAllDeclaration: 'Name what is exported.' };

const restricted = (syntax) => [
  'error',
  ...Object.entries(syntax).map(([selector, message]) => ({ selector, message })),
];

export default tseslint.config(
  { ignores: ['dist/', 'coverage/', '.livemeter/', 'node_modules/'] },
  eslint.configs.recommended,
  tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      eqeqeq: 'error',
      complexity: ['error', 10],
      'max-depth': ['error', 3],
      'max-lines': ['error', 300],
      'max-lines-per-function': ['error', 50],
      'max-params': ['error', 4],
      'no-restricted-syntax': restricted(EVERYWHERE_SYNTAX),
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      // A port's methods are promises whether or not an implementation has to wait.
      '@typescript-eslint/require-await': 'off',
    },
  },
  {
    files: PURE,
    ignores: TESTS,
    rules: {
      'no-restricted-globals': [
        'error',
        ...Object.entries(IMPURE_GLOBALS).map(([name, message]) => ({ name, message })),
      ],
      'no-restricted-syntax': restricted({ ...EVERYWHERE_SYNTAX, ...IMPURE_SYNTAX }),
    },
  },
  {
    // Tests read as tables and stories, and look into JSON that has no type.
    files: TESTS,
    rules: {
      complexity: 'off',
      'max-lines-per-function': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
    },
  },
  {
    files: ['**/*.mjs', '**/*.cjs'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: {
      globals: { process: 'readonly', console: 'readonly', module: 'writable', require: 'readonly', URL: 'readonly' },
    },
    rules: { '@typescript-eslint/no-require-imports': 'off', '@typescript-eslint/switch-exhaustiveness-check': 'off' },
  },
  prettier,
);
