import type { ErrorKind } from '../base/errors';

/**
 * What RunningHub's message is about; the first match counts. English is matched as whole words with what stands beside
 * them: "preview" is no review, and a "load balancer" has no balance. A text often has both languages: `English | 中文`
 * (reference section 6.2).
 */
const PATTERNS: ReadonlyArray<readonly [ErrorKind, readonly RegExp[]]> = [
	[
		'moderation',
		[
			/\b(?:nsfw|moderation|moderated|inappropriate|unsafe|sexual|prohibited content)\b/i,
			/(?<!\b(?:access|constraint|integrity|key|protocol|segmentation) )\bviolat(?:ion|ions|es|ed|ing)\b/i,
			/(?<!\b(?:argument|field|format|parameter|size|type|value)s? (?:is|are) )\billegal\b(?! (?:access|argument|character|field|format|instruction|operation|parameter|request|size|state|syntax|type|value)s?\b)/i,
			/\b(?:content|fail|failed|pass|passed|policy|safety)\b[^.|]{0,40}\breview\b(?! (?:the|your)\b)/i,
			/\breview\b[^.|]{0,20}\b(?:failed|not passed|rejected)\b/i,
			/\bcontent\b(?!-)[^.|]{0,20}\b(?:blocked|not allowed|prohibited|rejected)\b/i,
			/\b(?:content|safety) (?:filter|policy|policies|security|system)\b/i,
			/\b(?:real (?:human|people|person)|sensitive (?:content|information|terms?|words?))\b/i,
			/违规|违禁|敏感(?:词|内容|信息)|色情|涉黄|(?:未|不|没有?)通过[^。|]{0,6}审核|审核[^。|]{0,4}(?:未通过|不通过|失败|拒绝)|(?:禁止|不允许|不支持)[^。|]{0,6}真人/,
		],
	],
	[
		'balance',
		[
			/(?<!\b(?:color|colour|load|white) )\bbalance\b/i,
			/\b(?:coins|quota|wallet)\b/i,
			/\b(?:insufficient|not enough|out of) (?:coins?|credits?|funds?|money)\b/i,
			/余额|欠费|(?:RH ?币|金币|积分|额度|钱包)[^。|]{0,6}(?:不足|不够|用完)/i,
		],
	],
	['membership', [/\b(?:forbidden|membership|permissions?)\b/i, /会员/]],
	[
		'auth',
		[
			/\buser (?:does )?not exist\b/i,
			/\bapi[ -]?key\b/i,
			/无权限|没有权限|权限不足|未授权|密钥|用户不存在/,
		],
	],
];

/** Why something was refused, where no code says it: `failed` where the message does not either (reference section 11.2). */
export function kindOfMessage(text: string): ErrorKind {
	// Names such as NOT_ENOUGH_WALLET are read as words, too.
	const message = text.replaceAll('_', ' ');
	const found = PATTERNS.find(([, patterns]) => patterns.some((pattern) => pattern.test(message)));
	return found?.[0] ?? 'failed';
}
