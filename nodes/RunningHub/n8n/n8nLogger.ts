import type { IExecuteFunctions } from 'n8n-workflow';
import type { Logger } from '../../../runninghub/base/logger';

/**
 * n8n's own log. As text it shows the message alone, so each one names the execution and the node: somebody who looks for
 * the tasks of an execution has nothing else.
 */
export function n8nLogger(context: IExecuteFunctions): Logger {
	const { logger } = context;
	// Outside of any execution there is no id.
	const id: string | undefined = context.getExecutionId();
	const execution = id === undefined ? '' : `execution ${id}, `;
	const placed = (message: string) => `${message} [${execution}node ${context.getNode().name}]`;
	return {
		debug: (message, facts) => logger.debug(placed(message), facts),
		info: (message, facts) => logger.info(placed(message), facts),
		warn: (message, facts) => logger.warn(placed(message), facts),
	};
}
