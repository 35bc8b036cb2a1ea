/** Imported first: everything after it may count on Node 20. */
if (Number(process.versions.node.split('.')[0]) < 20) {
	console.error(
		`Node ${process.versions.node} is too old: install Node 20 or newer and run this again.`,
	);
	process.exit(1);
}
