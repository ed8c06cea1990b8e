// A list in Node: prints the findings as JSON. Arguments: behaviour.mjs or testserver.mjs, the client's index.js, the server, the list.

import { readFile } from "node:fs/promises";

const [steps, client, host, list] = process.argv.slice(2);
const { run } = await import(steps);
const found = await run(await import(client), host, JSON.parse(await readFile(list, "utf8")));
process.stdout.write(JSON.stringify(found), () => process.exit());
