// Starts start.ts, which see, when the packages that it needs are there.
import './lib/node20.mjs';
import { installDependencies } from './lib/dependencies.mjs';

installDependencies();
const { tsImport } = await import('tsx/esm/api');
await tsImport('./start.ts', import.meta.url);
