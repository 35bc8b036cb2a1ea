import axios from 'axios';
import { MultipartForm } from '../../nodes/RunningHub/n8n/requestBody';
import { asTransportError } from '../../nodes/RunningHub/n8n/transportError';
import { withKey } from '../../runninghub/http/authentication';
import type { Credential } from '../../runninghub/http/credential';
import { baseUrlOf } from '../../runninghub/http/site';
import type { Transport } from '../../runninghub/http/transport';

/** The core without n8n: for contract tests, and for a look at the API from a script. */
export function axiosTransport(credential: Credential): Transport {
	const http = axios.create({
		// A redirect could carry the key to another host, or send a submit twice.
		maxRedirects: 0,
		maxBodyLength: Infinity,
		maxContentLength: Infinity,
		// As text: JSON.parse would round the ids.
		responseType: 'text',
		transformResponse: (text: unknown) => text,
		validateStatus: () => true,
	});
	return async ({ method, path, query, body, timeoutMs }) => {
		const request = withKey(
			{
				url: `${baseUrlOf(credential)}${path}`,
				headers: {
					Accept: 'application/json',
					...(body.type === 'json' ? { 'Content-Type': 'application/json' } : {}),
				},
				qs: { ...query },
				body:
					body.type === 'json'
						? body.json
						: body.type === 'form'
							? new MultipartForm(body.parts)
							: undefined,
			},
			credential.apiKey,
			credential,
		);
		const answer = await http
			.request<unknown>({
				method,
				url: request.url,
				headers: request.headers,
				params: request.qs,
				data: request.body instanceof MultipartForm ? request.body : JSON.stringify(request.body),
				timeout: timeoutMs,
			})
			.catch((error: unknown) => {
				throw asTransportError(error);
			});
		return {
			status: answer.status,
			headers: Object.fromEntries(
				Object.entries(answer.headers).map(([name, value]) => [name.toLowerCase(), String(value)]),
			),
			text: typeof answer.data === 'string' ? answer.data : '',
		};
	};
}
