import { Credentials, getAdditionalKeys } from 'n8n-core';
import { ICredentialsHelper, NodeHelpers, isExpression } from 'n8n-workflow';
import type {
	ICredentialDataDecryptedObject,
	ICredentialType,
	ICredentials,
	ICredentialsExpressionResolveValues,
	IExecuteData,
	IHttpRequestOptions,
	INode,
	INodeCredentialsDetails,
	INodeParameters,
	INodeProperties,
	IRequestOptionsSimplified,
	IWorkflowExecuteAdditionalData,
	Workflow,
	WorkflowExecuteMode,
} from 'n8n-workflow';
import type { InstanceOptions } from './types';

/** n8n's CredentialsHelper without a database: the data comes from the test, everything else is done as n8n does it. */
export class HarnessCredentials extends ICredentialsHelper {
	constructor(private readonly options: Pick<InstanceOptions, 'credentialTypes' | 'credentials'>) {
		super();
	}

	getByName(name: string): ICredentialType {
		const type = this.options.credentialTypes.find((candidate) => candidate.name === name);
		if (!type) throw new Error(`No credential type "${name}": give it in credentialTypes`);
		return type;
	}

	getParentTypes(name: string): string[] {
		return this.getByName(name).extends ?? [];
	}

	isCredentialUsableByNode(): boolean {
		return true;
	}

	getCredentialsProperties(type: string): INodeProperties[] {
		return this.getByName(type).properties;
	}

	async getDecrypted(
		additionalData: IWorkflowExecuteAdditionalData,
		_nodeCredentials: INodeCredentialsDetails,
		type: string,
		mode: WorkflowExecuteMode,
		executeData?: IExecuteData,
		raw?: boolean,
		resolve?: ICredentialsExpressionResolveValues,
	): Promise<ICredentialDataDecryptedObject> {
		const stored = this.options.credentials[type];
		if (!stored) throw new Error(`No data for credential type "${type}": give it in credentials`);
		if (raw) return { ...stored };

		const data = withDefaults(this.getCredentialsProperties(type), stored);
		if (!resolve) return data;
		return resolve.workflow.expression.getParameterValue(
			data as INodeParameters,
			resolve.runExecutionData,
			resolve.runIndex,
			resolve.itemIndex,
			resolve.node.name,
			resolve.connectionInputData,
			mode,
			getAdditionalKeys(additionalData, mode, null, { isCredential: true }),
			executeData,
			false,
			data,
		) as ICredentialDataDecryptedObject;
	}

	async authenticate(
		credentials: ICredentialDataDecryptedObject,
		typeName: string,
		requestOptions: IHttpRequestOptions | IRequestOptionsSimplified,
		workflow?: Workflow,
		node?: INode,
	): Promise<IHttpRequestOptions> {
		const { authenticate } = this.getByName(typeName);
		const request = requestOptions as IHttpRequestOptions;
		if (authenticate === undefined) return request;
		if (typeof authenticate === 'function') return await authenticate(credentials, request);
		if (!workflow || !node)
			throw new Error('A declarative authenticate needs a workflow and a node');

		const resolveText = (text: string) =>
			isExpression(text)
				? String(
						workflow.expression.getSimpleParameterValue(
							node,
							text,
							'internal',
							{ $credentials: credentials },
							undefined,
							'',
						) || '',
					)
				: text;
		const target = request as unknown as Record<string, Record<string, unknown> | undefined>;
		for (const [part, values] of Object.entries(authenticate.properties)) {
			const resolved = Object.entries((values ?? {}) as Record<string, string>).map(
				([key, value]) => [resolveText(key), resolveText(value)] as const,
			);
			target[part] = { ...target[part], ...Object.fromEntries(resolved) };
		}
		return request;
	}

	/** Only credentials with an expiring token have one, as in n8n. */
	async preAuthentication(): Promise<undefined> {
		return undefined;
	}

	async runPreAuthentication(): Promise<undefined> {
		return undefined;
	}

	async getCredentials(details: INodeCredentialsDetails, type: string): Promise<ICredentials> {
		return new Credentials({ id: details.id, name: details.name }, type);
	}

	async updateCredentials(): Promise<void> {}

	async updateCredentialsOauthTokenData(): Promise<void> {}
}

/** What n8n adds on loading a credential: the default of each property that was not saved. */
export function withDefaults(
	properties: INodeProperties[],
	data: ICredentialDataDecryptedObject,
): ICredentialDataDecryptedObject {
	const filled = NodeHelpers.getNodeParameters(
		properties,
		data as INodeParameters,
		true,
		false,
		null,
		null,
	);
	return (filled ?? {}) as ICredentialDataDecryptedObject;
}
