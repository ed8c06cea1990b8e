// Values of the test server's types, there and back; in Node and in browsers. See echoes.py.

import { note, plain, equal } from "./behaviour.mjs";

/** Run all; gives name -> "" where it went well, else what went wrong. */
export async function run(lab, host, echoes) {
  const found = {};
  for (const one of echoes) await note(found, one.name, () => echo(lab, host, one));
  return found;
}

/** The value is what the client itself reads of the JSON; what the server then answers is compared. */
async function echo(lab, host, { endpoint, method, wire }) {
  const made = new lab.Client(host, { fetch: async () => new Response(JSON.stringify(wire)) });
  const value = await made[endpoint][method](undefined);
  let answer = "";
  const real = new lab.Client(host, {
    fetch: async (...request) => {
      const response = await fetch(...request);
      answer = await response.clone().text();
      return response;
    },
  });
  await real[endpoint][method](value);
  equal(plain(JSON.parse(answer)), plain(wire));
}
