import type { Model } from './model';

/** Written and checked by `npm run catalogue`. */
declare const models: readonly Model[];
export default models;
