/** Loaded into n8n before its own code: on SIGUSR2 it collects its garbage, so that its memory at rest can be read. */
const { setFlagsFromString } = require('node:v8');
const { runInNewContext } = require('node:vm');

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');
process.on('SIGUSR2', () => collect());
