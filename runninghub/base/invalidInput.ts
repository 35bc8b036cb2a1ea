import { RunningHubError } from './errors';

/** Input that the model would refuse: one sentence for each field that is wrong. */
export class InvalidInput extends RunningHubError {
	constructor([first, ...more]: readonly [string, ...string[]]) {
		super({
			kind: 'validation',
			message: first,
			description: [...more, 'Nothing was sent and nothing was paid for.'].join(' '),
		});
		this.name = 'InvalidInput';
	}
}

/** @throws InvalidInput if there is any problem */
export function refuse([first, ...more]: string[]): void {
	if (first !== undefined) throw new InvalidInput([first, ...more]);
}
