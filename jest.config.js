/** One jest project per tier, so that each can be run alone: `npm run test:unit`. */
const tier = (name, extra = {}) => ({
	displayName: name,
	rootDir: __dirname,
	testEnvironment: 'node',
	testMatch: [`<rootDir>/test/${name}/**/*.test.ts`],
	transform: {
		'\\.ts$': [
			'@swc/jest',
			{ jsc: { target: 'es2022', parser: { syntax: 'typescript', decorators: true } } },
		],
	},
	modulePathIgnorePatterns: ['<rootDir>/dist/'],
	...extra,
});

/** Whole minutes each, and more than one n8n: `npm run test:e2e:long`. */
const LONG = [
	'queue',
	'sleepOnN8n1',
	'sleepOnN8n1Killed',
	'sleepOnN8n2.0',
	'sleepOnN8n2.0Killed',
	'sleepManyItems',
].map((name) => `<rootDir>/test/e2e/${name}.test.ts`);

module.exports = {
	// Many integration tests wait in real time: that many do so at once.
	maxConcurrency: 20,
	// A machine that does much else at the same time makes no test red.
	testTimeout: 30_000,
	projects: [
		tier('unit'),
		tier('integration'),
		tier('contract'),
		tier('e2e', { testPathIgnorePatterns: LONG }),
		tier('e2e-long', { testMatch: LONG }),
		tier('browser'),
	],
};
