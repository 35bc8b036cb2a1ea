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

module.exports = {
	// Many integration tests wait in real time: that many do so at once.
	maxConcurrency: 20,
	testSequencer: './test/support/longestFirst.js',
	// A machine that does much else at the same time makes no test red.
	testTimeout: 30_000,
	projects: [
		tier('unit'),
		tier('integration'),
		tier('contract'),
		/** Without those that take whole minutes each, or another n8n: `npm run test:e2e:long`. */
		tier('e2e', { testPathIgnorePatterns: ['/e2e/long/'] }),
		tier('e2e-long', { testMatch: ['<rootDir>/test/e2e/long/*.test.ts'] }),
		tier('browser'),
	],
};
