import { config } from '@n8n/node-cli/eslint';

/** Rules for what n8n loads say nothing about the tests and scripts, which run on a developer's machine. */
const RULES_FOR_SHIPPED_CODE = Object.fromEntries(
	config
		.flatMap(({ rules = {} }) => Object.keys(rules))
		.filter((name) => /^(@n8n\/community-nodes|n8n-nodes-base)\//.test(name))
		.map((name) => [name, 'off']),
);

export default [
	{ ignores: ['dist/', 'coverage/', 'node_modules/'] },
	...config,
	{
		// These folders know nothing of n8n, so they cannot throw its errors; nodes/RunningHub/run/output.ts turns theirs into n8n's.
		files: ['runninghub/**/*.ts', 'catalogue/**/*.ts'],
		rules: { '@n8n/community-nodes/require-node-api-error': 'off' },
	},
	{
		files: ['test/**/*.ts', 'scripts/**/*.ts'],
		rules: { ...RULES_FOR_SHIPPED_CODE, 'no-console': 'off' },
	},
	{
		files: ['**/*.ts'],
		rules: {
			'@typescript-eslint/no-explicit-any': 'error',
			'@typescript-eslint/no-non-null-assertion': 'error',
			'@typescript-eslint/no-unused-vars': [
				'error',
				{ argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
			],
		},
	},
];
