import type {
	ILoadOptionsFunctions,
	INodeListSearchItems,
	INodeParameters,
	ResourceMapperField,
	ResourceMapperFields,
} from 'n8n-workflow';
import { RunningHub } from '../../nodes/RunningHub/RunningHub.node';
import { askForm } from './harness';
import type { Lab, More } from './support';

type Values = Record<string, string | number | boolean>;

/** The form as n8n's editor has it: it asks for the fields, and fills in their defaults. */
export class ModelForm {
	private parameters: { matchingColumns?: string[]; schema?: ResourceMapperField[] } = {};
	private model = '';
	values: Values | null = null;

	/** @param more the credential of the node, if it is another one than the lab's */
	constructor(
		private readonly lab: Lab,
		private readonly more: More = {},
	) {}

	/** The endpoints that the list offers. */
	async openList(): Promise<string[]> {
		return (await this.search('')).map(({ value }) => String(value));
	}

	async search(text: string): Promise<INodeListSearchItems[]> {
		return await this.ask(async function (this, { listSearch }) {
			const found = await listSearch?.searchModels?.call(this, text);
			return found?.results ?? [];
		});
	}

	/** The editor empties the form, and then asks for the new fields. */
	async change(model: string, mode = 'list'): Promise<ResourceMapperFields> {
		this.model = model;
		this.values = null;
		this.parameters = { ...this.parameters, schema: [] };
		const { fields, ...more } = await this.fields(mode);
		this.values = Object.fromEntries(
			fields.flatMap(({ id, defaultValue }) =>
				typeof defaultValue === 'string' ||
				typeof defaultValue === 'number' ||
				typeof defaultValue === 'boolean'
					? [[id, defaultValue]]
					: [],
			),
		);
		const matchingColumns = fields.filter(({ defaultMatch }) => defaultMatch).map(({ id }) => id);
		this.parameters = { ...this.parameters, matchingColumns, schema: fields };
		return { fields: fields.filter(({ display }) => display), ...more };
	}

	fill(values: Values): void {
		this.values = { ...this.values, ...values };
	}

	/** The node as n8n saves and exports it: as JSON. */
	saved(mode = 'list'): INodeParameters {
		return JSON.parse(
			JSON.stringify({
				resource: 'model',
				model: { __rl: true, mode, value: this.model },
				parameters: { mappingMode: 'defineBelow', ...this.parameters, value: this.values },
			}),
		) as INodeParameters;
	}

	/** A saved node that is opened again, here or in another n8n. @returns all fields that n8n is given then */
	async reopen(saved: INodeParameters): Promise<ResourceMapperFields> {
		return await askForm(this.options(saved), fieldsOfModel);
	}

	private async fields(mode: string): Promise<ResourceMapperFields> {
		return await this.ask(fieldsOfModel, mode);
	}

	private options(parameters: INodeParameters) {
		return { ...this.lab.options(parameters, this.more), node: new RunningHub() };
	}

	private async ask<Answer>(
		question: Parameters<typeof askForm<Answer>>[1],
		mode = 'list',
	): Promise<Answer> {
		return await askForm(this.options(this.saved(mode)), question);
	}
}

const fieldsOfModel: Parameters<typeof askForm<ResourceMapperFields>>[1] = async function (
	this: ILoadOptionsFunctions,
	{ resourceMapping },
) {
	const answer = await resourceMapping?.getModelParameters?.call(this);
	if (answer === undefined) throw new Error('no getModelParameters');
	return answer;
};
