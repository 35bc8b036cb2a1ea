/** Loaded into n8n before its own code: on SIGUSR2 it collects its garbage, and writes down what is left on the heap. */
const { writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { setFlagsFromString } = require('node:v8');
const { runInNewContext } = require('node:vm');

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');
process.on('SIGUSR2', () => {
	collect();
	writeFileSync(join(tmpdir(), `n8n-heap-${process.pid}`), String(process.memoryUsage().heapUsed));
});
