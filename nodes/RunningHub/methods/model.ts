import type {
	ILoadOptionsFunctions,
	INodeListSearchResult,
	ResourceMapperFields,
} from 'n8n-workflow';
import { loadCatalogue } from '../../../catalogue/catalogue';
import { listEntry } from '../../../catalogue/listEntry';
import { endpointIn, pageProblem } from '../actions/model/endpoint';
import { chosenSite } from './chosenSite';
import { ticketField, ticketOf, rememberForm, takeForm, type FilledForm } from './filledForms';
import { fieldsOf } from './modelFields';

/** The models that fit what was typed, grouped by what they do. */
export async function searchModels(
	this: ILoadOptionsFunctions,
	filter?: string,
): Promise<INodeListSearchResult> {
	// Who opens the list may be about to change the model, which empties the form.
	rememberForm(ticketOf(this), filledIn(this));
	const [catalogue, site] = await Promise.all([loadCatalogue(), chosenSite(this)]);
	return { results: catalogue.search(filter ?? '').map((model) => listEntry(model, site)) };
}

/** One field for each parameter of the model that is chosen. */
export async function getModelParameters(
	this: ILoadOptionsFunctions,
): Promise<ResourceMapperFields> {
	const endpoint = endpointIn(this.getCurrentNodeParameter('model', { extractValue: true }));
	if (endpoint === '') {
		return { fields: [], emptyFieldsNotice: 'Choose a model to see what it takes.' };
	}
	const page = pageProblem(endpoint);
	if (page !== undefined) return { fields: [], emptyFieldsNotice: page };
	const model = (await loadCatalogue()).find(endpoint);
	if (model === undefined || !model.paramsKnown) {
		return {
			fields: [],
			emptyFieldsNotice:
				'What this model takes is not known here. Give its fields below, in Extra Fields, as its page on RunningHub lists them.',
		};
	}
	const filled = filledIn(this);
	const ticket = ticketOf(this);
	// By hand, the list was not opened since the fields were filled in.
	const fromList = this.getCurrentNodeParameter('model.mode') === 'list';
	const before = filled === undefined ? takeForm(ticket) : undefined;
	const fields = fieldsOf(model, fromList ? before : undefined);
	return { fields: [...fields, ticketField(ticket, fields)] };
}

/** What the form holds; undefined for one that n8n has emptied. */
function filledIn(context: ILoadOptionsFunctions): FilledForm | undefined {
	const filled: unknown = context.getCurrentNodeParameter('parameters.value');
	return typeof filled === 'object' && filled !== null ? { ...filled } : undefined;
}
