import { z } from 'zod';

/**
 * Every point on which the sources contradict each other or are silent. The default is the variant
 * that the reference calls the most likely one; where it names none, the one that forgives least.
 */
export const switchesSchema = z
	.object({
		// Who may call (reference 1.3, 10, 11; quirks 15, 16)
		badKeyV2: z.enum(['1002', '1601', '806', 'e2-401', 'http-401']),
		badKeyV1: z.union([
			z.literal(802),
			z.literal(806),
			z.literal(811),
			z.literal(412),
			z.literal('http-401'),
		]),
		badKeyUpload: z.enum(['e2-401', '1002', '1601', 'http-401']),
		noBalanceV2: z.enum(['e1-416', 'e1-414', 'e1-812', 'e3-416', 'e3-1000']),
		noBalanceV1Enterprise: z.union([z.literal(416), z.literal(812)]),
		freeUserV2: z.enum(['e1-801', 'e3-801', 'e3-1014']),
		accountAcceptsCamelKey: z.boolean(),

		// Refusals and envelopes (reference 1.4, 6.2; quirks 6, 13, 14)
		/** Task id and status of a refusal: empty texts, as seen live, or null. */
		refusalBody: z.enum(['empty', 'null']),
		/** `English | 中文`, as seen live, or English alone. */
		refusalWords: z.enum(['both', 'english']),
		/** Models that this site has given up: code 40310. */
		modelsNotOffered: z.array(z.string()),
		capacityV2: z.enum(['e3-1520', 'e1-421', 'e3-1003']),
		successCode: z.union([z.literal(0), z.literal(200)]),
		successMessage: z.enum(['success', 'SUCCESS', '']),
		errorMessagesMember: z.boolean(),
		errorHttpStatusV2: z.union([z.literal(200), z.literal(400)]),
		spelling: z.enum(['camel', 'snake']),

		// Ids (quirk 1)
		taskIdInSubmit: z.enum(['string', 'number']),
		taskUsageList: z.enum(['null', 'string', 'number']),

		// Submit (reference 4.1, 4.2, 6; quirks 17, 18, 22)
		promptTips: z.enum(['normal', 'empty', 'null', 'nodeErrors', 'invalid']),
		inlineWorkflow: z.enum(['anyId', 'existingId']),
		instanceTypes: z.array(z.string()),
		acceptDataUris: z.boolean(),
		/** In what a text's length is counted: no source says it. */
		textLength: z.enum(['utf16', 'codePoints']),
		pricePreview: z.enum(['works', 'missing']),
		priceNumbers: z.enum(['number', 'string']),
		billFailedTasks: z.boolean(),

		// ComfyUI workflows and AI Apps (reference 2.2, 4, 5, 9.3; quirks 4, 14, 20)
		/** How a v2 run path refuses: E1, or E3 with the v1 code or with v2's own where there is one. */
		runRefusalV2: z.enum(['e1', 'e3', 'e3-v2Codes']),
		/** The code for private work and for a wrong password. */
		accessRefusal: z.number().int().positive(),
		/** Can the JSON of a protected workflow be had without its password? */
		protectedWorkflowJson: z.enum(['refused', 'given']),
		accessPasswordV2: z.enum(['honoured', 'ignored']),
		/** A value outside its list: 433 with the errors in `msg` (whole, or the bare map of nodes) or in `data`, or a task all the same. */
		comfyValidation: z.enum(['433', '433-map', '433-data', 'created']),
		fieldValueTypes: z.enum(['string', 'any']),
		/** Do app fields for media also take the `download_url` of an upload? */
		appMediaUrls: z.boolean(),
		encryptedAppFields: z.enum(['listed', 'hidden']),
		accessEncryptedMember: z.enum(['always', 'whenTrue', 'never']),
		listNumbers: z.enum(['string', 'number']),
		/** The official client lists apps with the key alone, without the word Bearer (reference 1.2). */
		appListTakesBareKey: z.boolean(),

		// Quick Create (reference 3)
		quickCreateWebhook: z.enum(['honoured', 'ignored', 'refused']),
		quickCreateStylesAuth: z.enum(['bearer', 'body', 'none']),

		// Results (reference 7, 12; quirks 10, 11, 20, 21, 23, 25)
		statusCase: z.enum(['upper', 'lower', 'title']),
		errorCodeWhileRunning: z.string(),
		failedReason: z.enum(['object', 'string']),
		emptyFailedReason: z.enum(['object', 'null']),
		outputType: z.enum(['extension', 'word']),
		/** What a task says that has succeeded. */
		successWord: z.enum(['SUCCESS', 'COMPLETED', 'SUCCEEDED', 'DONE']),
		/** `results`, or members beside the status in its place (reference 7.1). */
		resultsForm: z.enum(['list', 'addresses', 'address', 'object', 'jsonText', 'besideStatus']),
		resultUrlKey: z.enum(['url', 'outputUrl']),
		resultTextKey: z.enum(['text', 'content', 'output']),
		taskCostTime: z.enum(['string', 'number']),
		outputsWhilePending: z.enum(['codes', 'nullData', 'stateInMsg', 'chineseMsg']),
		v1AnswersForModelTasks: z.boolean(),
		resultUrlLifetimeMs: z.number().positive(),

		// Cancel (reference 4.4; quirk 12)
		cancelStatus: z.enum(['CANCEL', 'CANCELLED', 'CANCELED', 'FAILED']),
		cancelModelTask: z.enum(['works', 'refused', 'ignored']),
		cancelUnknownTask: z.union([z.literal(807), z.literal(423)]),
		cancelEndedTask: z.union([z.literal(0), z.literal(807), z.literal(805)]),

		// Callbacks (reference 8, 15.9; quirks 1, 9, 21)
		callbackEventData: z.enum(['byGeneration', 'string', 'object']),
		callbackBody: z.enum(['wrapped', 'flat']),
		callbackTaskCostTime: z.enum(['asAnswer', 'number']),
		callbackUsageListIds: z.enum(['asAnswer', 'number']),
		callbackOnCancel: z.boolean(),
		callbackTimeoutMs: z.number().positive(),
		callbackRetries: z.number().int().nonnegative(),
		callbackRetryDelayMs: z.number().nonnegative(),
		callbackRedirects: z.enum(['notFollowed', 'followed']),
		/** How long a poll that a script counts lasts when a task has a `webhookUrl` and nobody asks. */
		callbackPollMs: z.number().nonnegative(),

		// Upload (reference 9.1; quirks 5, 7) and account (reference 10; quirk 20)
		/** Seen live: `msg` in a success, `message` in a refusal. */
		uploadWordsKey: z.enum(['both', 'message', 'msg']),
		uploadFileNameKey: z.enum(['fileName', 'filename']),
		uploadMaxBytes: z.number().positive(),
		uploadUrlLifetimeMs: z.number().positive(),
		accountNumbers: z.enum(['string', 'number']),

		// LoRA (reference 9.4)
		loraUrlWhenPresent: z.enum(['missing', 'null', 'given']),
		loraUrlLifetimeMs: z.number().positive(),
		/** Object storage wants to know the length of what is put to a presigned address. */
		loraPutNeedsLength: z.boolean(),
	})
	.strict();

export type Switches = z.infer<typeof switchesSchema>;

const DAY = 24 * 60 * 60 * 1000;

export const defaultSwitches = (): Switches => ({
	badKeyV2: '1002',
	badKeyV1: 802,
	badKeyUpload: 'e2-401',
	noBalanceV2: 'e1-416',
	noBalanceV1Enterprise: 416,
	freeUserV2: 'e1-801',
	accountAcceptsCamelKey: false,
	capacityV2: 'e3-1520',
	refusalBody: 'empty',
	refusalWords: 'both',
	modelsNotOffered: [],
	successCode: 0,
	successMessage: 'success',
	errorMessagesMember: false,
	errorHttpStatusV2: 200,
	spelling: 'camel',
	taskIdInSubmit: 'string',
	taskUsageList: 'null',
	promptTips: 'normal',
	inlineWorkflow: 'anyId',
	instanceTypes: ['default', 'plus', 'ultra'],
	acceptDataUris: false,
	textLength: 'utf16',
	runRefusalV2: 'e1',
	accessRefusal: 1,
	protectedWorkflowJson: 'refused',
	accessPasswordV2: 'ignored',
	comfyValidation: '433',
	fieldValueTypes: 'string',
	appMediaUrls: false,
	encryptedAppFields: 'listed',
	accessEncryptedMember: 'whenTrue',
	listNumbers: 'string',
	appListTakesBareKey: false,
	quickCreateWebhook: 'ignored',
	quickCreateStylesAuth: 'bearer',
	pricePreview: 'works',
	priceNumbers: 'number',
	billFailedTasks: true,
	statusCase: 'upper',
	errorCodeWhileRunning: '',
	failedReason: 'object',
	emptyFailedReason: 'object',
	outputType: 'extension',
	successWord: 'SUCCESS',
	resultsForm: 'list',
	resultUrlKey: 'url',
	resultTextKey: 'text',
	taskCostTime: 'string',
	outputsWhilePending: 'codes',
	v1AnswersForModelTasks: false,
	resultUrlLifetimeMs: DAY,
	cancelStatus: 'CANCEL',
	cancelModelTask: 'works',
	cancelUnknownTask: 807,
	cancelEndedTask: 807,
	callbackEventData: 'byGeneration',
	callbackBody: 'wrapped',
	callbackTaskCostTime: 'asAnswer',
	callbackUsageListIds: 'asAnswer',
	callbackOnCancel: false,
	callbackTimeoutMs: 10_000,
	callbackRetries: 3,
	callbackRetryDelayMs: 60_000,
	callbackRedirects: 'notFollowed',
	callbackPollMs: 100,
	uploadWordsKey: 'both',
	uploadFileNameKey: 'fileName',
	uploadMaxBytes: 500 * 1024 * 1024,
	uploadUrlLifetimeMs: DAY,
	accountNumbers: 'string',
	loraUrlWhenPresent: 'missing',
	loraUrlLifetimeMs: 60 * 60 * 1000,
	loraPutNeedsLength: true,
});
