import type { IExecuteFunctions } from 'n8n-workflow';
import { appNodeInfoList, type App } from '../../../../runninghub/api/app';
import { comfyRequest, failedRequest } from '../../../../runninghub/api/comfyRequest';
import { outputKindOf } from '../../../../runninghub/api/outputKind';
import { refuse } from '../../../../runninghub/base/invalidInput';
import { checkValues, nodeInfoListOf } from '../../../../runninghub/inputs/nodeInfoValues';
import { readComfyForm } from '../../comfy/comfyForm';
import { createDefinitionFetcher } from '../../comfy/fetchDefinition';
import { APP_PAGE, readPageId } from '../../comfy/pageId';
import type { ReadRequest } from '../../run/runTasks';

const CALL = { type: 'app' } as const;

/** Reads what each item of a run asks for, and holds it against the app's own list, which is fetched once. */
export function appReader(context: IExecuteFunctions): ReadRequest {
	const fetchDefinition = createDefinitionFetcher(
		context,
		async (client, id) => await client.app(id),
	);

	return async (_, itemIndex, binaries) => {
		const source = readPageId(context.getNodeParameter('webappId', itemIndex, ''), APP_PAGE);
		const { inputs, options, asWritten, problems } = readComfyForm(context, itemIndex);
		refuse(problems);

		const hasPassword = options.password !== undefined;
		const definition = await fetchDefinition(source, hasPassword);
		if (definition.state === 'failed')
			return { asWritten, request: failedRequest({ source, call: CALL }, definition.error) };
		const app = definition.state === 'seen' ? definition.found : undefined;
		if (app?.isEncrypted === true && !hasPassword) {
			refuse([
				`The AI App "${app.name}" is protected; set its password in the Access Password option.`,
			]);
		}
		// A protected app may keep its list to itself.
		const isListed = app !== undefined && !(app.isEncrypted && app.parameters.length === 0);
		const checked = checkValues(isListed ? inputsOf(app) : undefined, inputs, binaries);
		refuse(checked.problems);

		const request = comfyRequest({
			source,
			call: CALL,
			outputKind: outputKindOf(app?.name ?? '', 'image'),
			values: checked.values,
			password: options.password,
			bodyWith: (values) => ({
				webappId: source,
				nodeInfoList: isListed ? appNodeInfoList(app, values) : nodeInfoListOf(values),
				...options.body,
			}),
		});
		return { asWritten, request };
	};
}

function inputsOf({ parameters }: App) {
	return parameters.map(({ input }) => input);
}
