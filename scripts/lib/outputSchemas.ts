import ts from 'typescript';

/** A JSON Schema, as far as it is needed here. */
export interface Schema {
	/** Missing where it may be anything. */
	type?: string | string[];
	enum?: Array<string | null>;
	/** Of objects and arrays, beside their type: n8n's editor shows no members of what has two types. */
	nullable?: true;
	items?: Schema;
	properties?: Record<string, Schema>;
	required?: string[];
}

/** The module and the interface that say what each operation gives out. */
const FILE = 'nodes/RunningHub/actions/outputs.ts';
const NAME = 'Outputs';

export interface OutputSchema {
	resource: string;
	operation: string;
	schema: Schema;
}

/** What an item of each operation holds, read from the types that the operations themselves use. */
export function outputSchemas(): OutputSchema[] {
	const { config } = ts.readConfigFile('tsconfig.json', ts.sys.readFile);
	const { options } = ts.parseJsonConfigFileContent(config, ts.sys, '.');
	const program = ts.createProgram([FILE], options);
	const checker = program.getTypeChecker();
	const outputs = program
		.getSourceFile(FILE)
		?.statements.find(
			(statement) => ts.isInterfaceDeclaration(statement) && statement.name.text === NAME,
		);
	if (outputs === undefined) throw new Error(`${FILE} declares no interface ${NAME}.`);
	return membersOf(checker.getTypeAtLocation(outputs), checker).flatMap((resource) =>
		membersOf(resource.type, checker).map(({ name, type }) => ({
			resource: resource.name,
			operation: name,
			schema: schemaOf(type, checker),
		})),
	);
}

function schemaOf(type: ts.Type, checker: ts.TypeChecker): Schema {
	const schema = notNull(checker.getNonNullableType(type), checker);
	const isNullable = type.isUnion() && type.types.some(({ flags }) => flags & ts.TypeFlags.Null);
	if (!isNullable || schema.type === undefined) return schema;
	if (schema.items || schema.properties) return { ...schema, nullable: true };
	return {
		type: [schema.type, 'null'].flat(),
		...(schema.enum && { enum: [...schema.enum, null] }),
	};
}

function notNull(type: ts.Type, checker: ts.TypeChecker): Schema {
	const parts = type.isUnion() ? type.types : [type];
	const isAll = (flag: ts.TypeFlags) => parts.every(({ flags }) => flags & flag);
	if (isAll(ts.TypeFlags.StringLiteral)) {
		return {
			type: 'string',
			enum: parts.flatMap((part) => (part.isStringLiteral() ? part.value : [])),
		};
	}
	if (isAll(ts.TypeFlags.StringLike)) return { type: 'string' };
	if (isAll(ts.TypeFlags.NumberLike)) return { type: 'number' };
	if (isAll(ts.TypeFlags.BooleanLike)) return { type: 'boolean' };
	if (checker.isArrayType(type)) {
		const [items] = checker.getTypeArguments(type as ts.TypeReference);
		return { type: 'array', items: items ? schemaOf(items, checker) : {} };
	}
	return isAll(OBJECT) ? objectSchema(type, checker) : {};
}

const OBJECT = ts.TypeFlags.Object | ts.TypeFlags.NonPrimitive | ts.TypeFlags.Intersection;

function objectSchema(type: ts.Type, checker: ts.TypeChecker): Schema {
	const members = membersOf(type, checker);
	return {
		type: 'object',
		properties: Object.fromEntries(
			members.map((member) => [member.name, schemaOf(member.type, checker)]),
		),
		required: members.flatMap(({ name, isOptional }) => (isOptional ? [] : name)),
	};
}

function membersOf(type: ts.Type, checker: ts.TypeChecker) {
	return checker.getPropertiesOfType(type).map((member) => ({
		name: member.name,
		type: checker.getTypeOfSymbol(member),
		isOptional: (member.flags & ts.SymbolFlags.Optional) !== 0,
	}));
}
