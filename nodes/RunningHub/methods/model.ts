import type {
	ILoadOptionsFunctions,
	INodeListSearchResult,
	ResourceMapperFields,
} from 'n8n-workflow';
import { loadCatalogue } from '../../../catalogue/catalogue';
import { listEntry } from '../../../catalogue/listEntry';
import type { Model } from '../../../catalogue/model';
import { endpointIn, pageProblem } from '../actions/model/endpoint';
import { savedModelField, savedModelIn } from '../actions/model/savedModel';
import { chosenSite } from './chosenSite';
import { formIdField, formIdOf, rememberForm, recallForm, type FormValues } from './formMemory';
import { fieldsOf } from './modelFields';
import { modelList } from './modelList';

/** The models that fit what was typed, grouped by what they do. */
export async function searchModels(
	this: ILoadOptionsFunctions,
	filter?: string,
): Promise<INodeListSearchResult> {
	// Opened to change the model, perhaps, which empties the form.
	rememberForm(formIdOf(this), filledIn(this));
	const [list, site] = await Promise.all([modelList(this), chosenSite(this)]);
	const results = list.catalogue
		.search(filter ?? '')
		.map((model) => listEntry(model, site, ...(list.newer.has(model.endpoint) ? ['new'] : [])));
	if (list.problem === undefined) return { results };
	// n8n shows no other message in a list. It stands for no model: its value is empty.
	return { results: [...results, { name: `Newer models not loaded: ${list.problem}`, value: '' }] };
}

/** One field for each parameter of the model that is chosen. */
export async function getModelParameters(
	this: ILoadOptionsFunctions,
): Promise<ResourceMapperFields> {
	const endpoint = endpointIn(this.getCurrentNodeParameter('model', { extractValue: true }));
	if (endpoint === '') {
		return { fields: [], emptyFieldsNotice: 'Choose a model to see its fields.' };
	}
	const page = pageProblem(endpoint);
	if (page !== undefined) return { fields: [], emptyFieldsNotice: page };
	const known = (await loadCatalogue()).find(endpoint);
	const list = known === undefined ? await modelList(this) : undefined;
	const model = known ?? list?.catalogue.find(endpoint) ?? savedModel(this, endpoint);
	if (model === undefined || !model.paramsKnown) return noFields(list?.problem);
	const values = filledIn(this);
	const formId = formIdOf(this);
	// By hand, the list was not opened since the fields were filled in.
	const fromList = this.getCurrentNodeParameter('model.mode') === 'list';
	const before = values === undefined ? recallForm(formId) : undefined;
	const fields = fieldsOf(model, fromList ? before : undefined);
	const facts = known === undefined ? [savedModelField(model)] : [];
	return { fields: [...fields, ...facts, formIdField(formId, fields)] };
}

/** What the form was saved with, for an n8n that cannot read the registry. */
function savedModel(context: ILoadOptionsFunctions, endpoint: string): Model | undefined {
	try {
		return savedModelIn(context.getCurrentNodeParameter('parameters.schema'), endpoint);
	} catch {
		// An execution says what is wrong with it.
		return undefined;
	}
}

function noFields(problem: string | undefined): ResourceMapperFields {
	const newer = problem === undefined ? '' : ` Newer models were not loaded: ${problem}.`;
	return {
		fields: [],
		emptyFieldsNotice: `The fields of this model are not known to this node. Enter them in the Extra Fields option, as listed on the model’s page on RunningHub.${newer}`,
	};
}

/** What the form holds; undefined for one that n8n has emptied. */
function filledIn(context: ILoadOptionsFunctions): FormValues | undefined {
	const values: unknown = context.getCurrentNodeParameter('parameters.value');
	return typeof values === 'object' && values !== null ? { ...values } : undefined;
}
