const { basename } = require('node:path');

// It comes with jest.
const sequencer = require.resolve('@jest/test-sequencer', { paths: [require.resolve('jest')] });
const { default: TestSequencer } = require(sequencer);

/**
 * The files that take minutes, the longest first. On a machine that has not run them yet jest begins with the largest files,
 * and so with these, which are small, last of all: the whole tier would wait for them.
 */
const LONGEST = [
	'sleepShutDown',
	'sleepKilled',
	'sleep',
	'vidu',
	'agent',
	'sleepFlows',
	'examples',
	'trigger',
];

module.exports = class LongestFirst extends TestSequencer {
	sort(tests) {
		const rank = ({ path }) => {
			const index = LONGEST.indexOf(basename(path, '.test.ts'));
			return index === -1 ? LONGEST.length : index;
		};
		return [...super.sort(tests)].sort((a, b) => rank(a) - rank(b));
	}
};
