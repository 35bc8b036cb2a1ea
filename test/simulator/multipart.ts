/** Where the bytes of a file part go while they come in. */
export interface FileSink {
	write(chunk: Buffer): Promise<void>;
	end(): Promise<{ path: string; size: number; sha256: string }>;
	/** The body broke off: nothing more will come. */
	abort(): Promise<void>;
}

/** One part of a multipart/form-data body. A part with a file name went to a sink; others are text. */
export interface Part {
	name: string;
	filename: string | undefined;
	contentType: string | undefined;
	size: number;
	value: string | undefined;
	stored: { path: string; size: number; sha256: string } | undefined;
}

export const boundaryOf = (contentType: string | undefined): string | undefined => {
	const match = /^multipart\/form-data\s*;.*\bboundary=(?:"([^"]+)"|([^;\s]+))/i.exec(
		contentType ?? '',
	);
	return match?.[1] ?? match?.[2];
};

/**
 * Reads multipart/form-data for real (RFC 7578) and in a stream: never more than one chunk and a
 * boundary's length is held. Throws when the body does not end with its closing boundary.
 */
export async function readMultipart(
	body: AsyncIterable<Buffer>,
	boundary: string,
	openSink: () => Promise<FileSink>,
): Promise<Part[]> {
	const reader = new Window(body);
	const parts: Part[] = [];
	// The first boundary has no line break in front of it.
	await reader.readUntil(Buffer.from(`--${boundary}`), discard);
	const delimiter = Buffer.from(`\r\n--${boundary}`);
	for (;;) {
		const afterBoundary = await reader.take(2);
		if (afterBoundary === '--') break;
		if (afterBoundary !== '\r\n') throw new Error('a multipart boundary has no line end');
		parts.push(await readPart(reader, delimiter, openSink));
	}
	await reader.drain();
	return parts;
}

async function readPart(
	reader: Window,
	delimiter: Buffer,
	openSink: () => Promise<FileSink>,
): Promise<Part> {
	const head: Buffer[] = [];
	await reader.readUntil(Buffer.from('\r\n\r\n'), collectInto(head));
	const { name, filename, contentType } = headersOf(Buffer.concat(head).toString('utf8'));
	if (filename === undefined) {
		const text: Buffer[] = [];
		await reader.readUntil(delimiter, collectInto(text));
		const value = Buffer.concat(text);
		return {
			name,
			filename,
			contentType,
			size: value.length,
			value: value.toString(),
			stored: undefined,
		};
	}
	const sink = await openSink();
	try {
		await reader.readUntil(delimiter, (chunk) => sink.write(chunk));
	} catch (error) {
		await sink.abort();
		throw error;
	}
	const stored = await sink.end();
	return { name, filename, contentType, size: stored.size, value: undefined, stored };
}

function headersOf(text: string) {
	const disposition = /^content-disposition:\s*form-data\s*;(.*)$/im.exec(text)?.[1] ?? '';
	return {
		name: /(?:^|[;\s])name="([^"]*)"/i.exec(disposition)?.[1] ?? '',
		filename: /(?:^|[;\s])filename="([^"]*)"/i.exec(disposition)?.[1],
		contentType: /^content-type:\s*(.+?)\s*$/im.exec(text)?.[1],
	};
}

const discard = async (): Promise<void> => undefined;

const collectInto =
	(chunks: Buffer[]) =>
	async (chunk: Buffer): Promise<void> => {
		chunks.push(chunk);
	};

/** A window over a stream, which moves forward over what was used. */
class Window {
	private held: Buffer = Buffer.alloc(0);
	private readonly chunks: AsyncIterator<Buffer>;

	constructor(body: AsyncIterable<Buffer>) {
		this.chunks = body[Symbol.asyncIterator]();
	}

	/** Passes on everything up to the mark, and steps over the mark. */
	async readUntil(mark: Buffer, onData: (chunk: Buffer) => Promise<void>): Promise<void> {
		for (;;) {
			const at = this.held.indexOf(mark);
			if (at >= 0) {
				if (at > 0) await onData(this.held.subarray(0, at));
				this.held = this.held.subarray(at + mark.length);
				return;
			}
			// The mark may lie across the end of what is held: keep that much.
			const safe = Math.max(0, this.held.length - mark.length + 1);
			if (safe > 0) await onData(this.held.subarray(0, safe));
			this.held = this.held.subarray(safe);
			await this.more();
		}
	}

	async take(count: number): Promise<string> {
		while (this.held.length < count) await this.more();
		const taken = this.held.subarray(0, count).toString('latin1');
		this.held = this.held.subarray(count);
		return taken;
	}

	async drain(): Promise<void> {
		while (!(await this.chunks.next()).done);
	}

	private async more(): Promise<void> {
		const next = await this.chunks.next();
		if (next.done === true) throw new Error('the multipart body ends too early');
		this.held = this.held.length === 0 ? next.value : Buffer.concat([this.held, next.value]);
	}
}
