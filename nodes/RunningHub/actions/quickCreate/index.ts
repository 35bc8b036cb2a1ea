import type { Resource } from '../operation';
import { fieldProperties } from './fields';
import { getStyles } from './getStyles.operation';
import { submit } from './submit.operation';
import { submitAndWait } from './submitAndWait.operation';

export const quickCreate: Resource = {
	name: 'Quick Create',
	value: 'quickCreate',
	description: 'Modules on the RunningHub site that have an API button',
	properties: fieldProperties,
	operations: [submitAndWait, submit, getStyles],
	defaultOperation: submitAndWait.value,
};
