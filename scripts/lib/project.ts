import { resolve } from 'node:path';

/** The clone that these scripts are in. */
export const projectFolder = resolve(__dirname, '../..');
