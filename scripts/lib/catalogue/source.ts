import type { Model } from '../../../catalogue/model';

/** A format in which something about the models is published. */
export interface Source {
	/** For the person who runs the script. */
	name: string;
	matches(json: unknown): boolean;
	/**
	 * The catalogue after this source: what it knows is taken from it, all else stays as it was.
	 * @param say takes a line for the person who runs the script
	 * @throws Error when the file is not of this format after all
	 */
	apply(json: unknown, previous: readonly Model[], say: (line: string) => void): Model[];
}
