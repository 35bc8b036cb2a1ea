import { parseCredential } from '../../runninghub/http/credential';
import { baseUrlOf, otherSite } from '../../runninghub/http/site';
import { errorIn, wordsOf } from '../support/unitAnswers';

const KEY = '0123456789abcdef0123456789abcdef';

describe('the credential', () => {
	it.each([` ${KEY}`, `${KEY}\n`, `\t${KEY} \r\n`])(
		'takes the key that was pasted as %j',
		(apiKey) => {
			expect(parseCredential({ site: 'china', apiKey })).toMatchObject({
				site: 'china',
				apiKey: KEY,
			});
		},
	);

	it('is for the international site where nothing was chosen', () => {
		expect(baseUrlOf(parseCredential({ apiKey: KEY }))).toBe('https://www.runninghub.ai');
	});

	it('ignores a base URL that was left over from the custom site', () => {
		const left = parseCredential({ site: 'china', baseUrl: 'https://evil.com', apiKey: KEY });
		expect(baseUrlOf(left)).toBe('https://www.runninghub.cn');
	});
});

describe('the address', () => {
	it.each([
		['https://proxy.example', 'https://proxy.example'],
		['https://proxy.example/', 'https://proxy.example'],
		[' https://proxy.example/rh// ', 'https://proxy.example/rh'],
		['http://127.0.0.1:8188/', 'http://127.0.0.1:8188'],
	])('%j is %s', (baseUrl, address) => {
		expect(baseUrlOf({ site: 'custom', baseUrl })).toBe(address);
	});

	it.each([
		undefined,
		'',
		'   ',
		'www.runninghub.ai',
		'localhost:8188',
		'ftp://host',
		'file:///etc',
	])('%j is refused with a sentence that says what to enter', async (baseUrl) => {
		const error = await errorIn(() => baseUrlOf({ site: 'custom', baseUrl }));
		expect(error.kind).toBe('site');
		expect(error.message).toMatch(/^Base URL in the RunningHub credential .+\.$/);
		expect(error.description).toMatch(/https:\/\/.*http:\/\//);
	});

	it('does not show a key that was pasted into the wrong field', async () => {
		const error = await errorIn(() => baseUrlOf({ site: 'custom', baseUrl: KEY }));
		expect(wordsOf(error)).not.toContain(KEY);
	});

	it('knows the site where the key may belong instead', () => {
		expect(otherSite('international')).toContain('www.runninghub.cn');
		expect(otherSite('china')).toContain('www.runninghub.ai');
		expect(otherSite('custom')).toBeUndefined();
	});
});
