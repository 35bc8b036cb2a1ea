import { createHash, randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** A LoRA that has come in whole. */
export interface UploadedLora {
	/** `api-lora-cn/<md5>.safetensors`: the value for an RHLoraLoader node. */
	fileName: string;
	name: string;
	md5: string;
	size: number;
}

interface Ticket {
	name: string;
	md5: string;
	signature: string;
	expiresAt: number;
}

/** An answer of the object storage: an S3 error code, or nothing wrong. */
export interface PutOutcome {
	status: number;
	code?: string;
	etag?: string;
}

export interface PutRules {
	/** Does a body of unknown length get a 411? */
	needsLength: boolean;
	/** Where a credential came along, if one did: a presigned address allows none. */
	credentials: string[];
}

const FOLDER = '/api-lora-cn/';

/** LoRAs and the presigned addresses that they are put to (reference 9.4). The bytes are only counted. */
export class LoraStore {
	readonly loras: UploadedLora[] = [];
	private readonly tickets = new Map<string, Ticket>();

	constructor(
		private readonly origin: () => string,
		private readonly now: () => number,
	) {}

	/** The name that a file with this MD5 has, and where to put it. */
	ticketFor(name: string, md5: string, lifetimeMs: number): { fileName: string; url: string } {
		const path = `${FOLDER}${md5}.safetensors`;
		const signature = randomBytes(16).toString('hex');
		const expiresAt = this.now() + lifetimeMs;
		this.tickets.set(path, { name, md5, signature, expiresAt });
		const url = `${this.origin()}${path}?expires=${Math.floor(expiresAt / 1000)}&sig=${signature}`;
		return { fileName: path.slice(1), url };
	}

	has(fileName: string): boolean {
		return this.loras.some((lora) => lora.fileName === fileName);
	}

	/** Is this an address that LoRAs are put to? */
	isPlaceOf(path: string): boolean {
		return path.startsWith(FOLDER);
	}

	/** Takes the bytes, counts them and compares their MD5. */
	async receive(
		request: IncomingMessage,
		url: URL,
		rules: PutRules,
	): Promise<PutOutcome & { size: number }> {
		const hash = createHash('md5');
		let size = 0;
		for await (const chunk of request as AsyncIterable<Buffer>) {
			size += chunk.length;
			hash.update(chunk);
		}
		const md5 = hash.digest('hex');
		return { size, ...this.decide(request, url, rules, md5, size) };
	}

	clear(): void {
		this.loras.length = 0;
		this.tickets.clear();
	}

	private decide(
		request: IncomingMessage,
		url: URL,
		rules: PutRules,
		md5: string,
		size: number,
	): PutOutcome {
		const ticket = this.tickets.get(url.pathname);
		const { headers } = request;
		if (rules.credentials.length > 0) return { status: 400, code: 'InvalidArgument' };
		if (ticket === undefined || url.searchParams.get('sig') !== ticket.signature) {
			return { status: 403, code: 'SignatureDoesNotMatch' };
		}
		if (ticket.expiresAt <= this.now()) return { status: 403, code: 'RequestHasExpired' };
		if (headers['content-type'] !== 'application/octet-stream') {
			return { status: 403, code: 'SignatureDoesNotMatch' };
		}
		if (rules.needsLength && headers['content-length'] === undefined) {
			return { status: 411, code: 'MissingContentLength' };
		}
		if (md5 !== ticket.md5) return { status: 400, code: 'BadDigest' };
		const fileName = url.pathname.slice(1);
		if (!this.has(fileName)) this.loras.push({ fileName, name: ticket.name, md5, size });
		return { status: 200, etag: `"${md5}"` };
	}
}
