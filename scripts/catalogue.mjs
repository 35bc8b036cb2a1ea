// Starts catalogue.ts, which see: plain Node cannot read TypeScript.
import { tsImport } from 'tsx/esm/api';

await tsImport('./catalogue.ts', import.meta.url);
