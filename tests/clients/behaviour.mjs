// The behaviour of behaviour.json for the TypeScript client: for Node and browsers, without their own APIs.

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Run all; returns name -> "" for success, else the error. */
export async function run(lab, host, { everything, values, scenarios }) {
  const found = {};
  for (const one of values) await note(found, one.name, () => value(lab, host, everything, one));
  for (const name of scenarios) await note(found, name, () => scenario(name)(lab, host));
  return found;
}

/** Record the result of a step. */
export async function note(found, name, step) {
  try {
    await step();
    found[name] = "";
  } catch (error) {
    found[name] = `${error?.stack ?? error}`;
  }
}

async function value(lab, host, everything, { field, wire, reads = {}, refused = [] }) {
  const sent = { ...everything, [field]: wire };
  if (refused.includes("typescript")) return rejects(async () => lab.Everything.fromJson(sent), lab.WireError);
  const found = await new lab.Client(host).lab.echo(lab.Everything.fromJson(sent));
  const expected = { ...sent, [field]: "typescript" in reads ? reads.typescript : wire };
  if (expected[field] === null) delete expected[field]; // a null field is left out
  equal(plain(JSON.parse(JSON.stringify(found))), plain(expected));
}

function scenario(name) {
  const found = SCENARIOS[name];
  if (!found) throw new Error("behaviour.mjs has no such scenario");
  return found;
}

const SCENARIOS = {
  "exceptions arrive as themselves": async (lab, host) => {
    const client = new lab.Client(host);
    const hot = await rejects(() => client.lab.burn(true), lab.FireException);
    equal([hot.message, hot.degrees, hot instanceof lab.LabException], ["too hot", 500, true]);
    equal((await rejects(() => client.lab.burn(false), lab.LabException)) instanceof lab.FireException, false);
  },
  "other answers are errors by status": async (lab, host) => {
    const expected = {
      400: lab.BadRequestError, 401: lab.UnauthorizedError, 403: lab.ForbiddenError, 404: lab.NotFoundError,
      413: lab.TooLargeError, 418: lab.HttpError, 429: lab.TooManyRequestsError, 503: lab.ServerError,
    };
    for (const [status, type] of Object.entries(expected)) {
      const error = await rejects(() => new lab.Client(host).lab.fail(Number(status)), type);
      equal([error.constructor === type, error.status], [true, Number(status)]);
    }
  },
  "a call without an answer in time fails": async (lab, host) => {
    await rejects(() => new lab.Client(host, { timeout: 100 }).lab.slow(), lab.TimeoutError);
    await rejects(() => new lab.Client(host).lab.slow({ timeout: 100 }), lab.TimeoutError);
    await new lab.Client(host, { timeout: 100 }).lab.slow({ timeout: 0 });
  },
  "a server that is not there is an error": (lab) =>
    rejects(() => new lab.Client("http://127.0.0.1:9/").lab.ping(), lab.NetworkError),
  "only arguments that were given are sent": async (lab, host) => {
    const client = new lab.Client(host);
    equal(JSON.parse(await client.lab.awkward("a", undefined, { in: "b" })), { class: "a", in: "b" });
    const all = await client.lab.arguments("Ada", "Hi", 3, { color: "red", loud: true });
    equal(JSON.parse(all), { name: "Ada", greeting: "Hi", times: 3, color: 1, loud: true });
  },
  "methods of modules are below modules": async (lab, host) =>
    equal(await new lab.Client(host).modules.lab_module.status.ping(), "pong"),
  "the token is sent where it is needed": async (lab, host) => {
    const client = new lab.Client(host);
    equal(await client.lab.authorization(), "");
    client.auth.set("good");
    equal([await client.lab.authorization(), await client.lab.openAuthorization()], ["Bearer good", ""]);
  },
  "a refused token is renewed once for all waiting calls": async (lab, host) => {
    let renewed = 0;
    const refresh = async () => (await sleep(30), renewed++, "good");
    const client = new lab.Client(host, { auth: { token: "stale", refresh } });
    const found = await Promise.all([1, 2, 3].map(() => client.lab.authorization()));
    equal([found, renewed], [["Bearer good", "Bearer good", "Bearer good"], 1]);
  },
  "a signed-out user stays signed out": async (lab, host) => {
    const client = new lab.Client(host, { auth: { token: "stale", refresh: async () => null } });
    await rejects(() => client.lab.authorization(), lab.UnauthorizedError);
    equal([client.auth.isSignedIn, await client.lab.authorization()], [false, ""]);
  },
  "a token is renewed before its end, once for all waiting calls": async (lab, host) => {
    const storage = memory();
    const before = await signedIn(lab, host, storage, 10);
    await new lab.Client(host).lab.notes();
    const client = renewing(lab, host, { storage });
    const found = await Promise.all([1, 2, 3].map(() => client.lab.authorization()));
    equal([new Set(found).size, found[0] === `Bearer ${before.token}`], [1, false]);
    equal((await client.lab.notes()).filter((one) => one === "refreshed").length, 1);
    const next = renewing(lab, host, { storage });
    equal([next.auth.isSignedIn, await next.auth.ready(), next.auth.isSignedIn], [false, undefined, true]);
    equal(await next.lab.authorization(), found[0]);
    await next.auth.clear();
    equal([storage.text, await next.lab.authorization()], [null, ""]);
  },
  "a token that is short is not renewed at each call": async (lab, host) => {
    const client = renewing(lab, host);
    const { token } = await client.lab.signIn(10);
    await client.auth.set({ token, tokenExpiresAt: new Date(Date.now() + 10_000), refreshToken: "none" });
    equal(await client.lab.authorization(), `Bearer ${token}`);
  },
  "a refused token is renewed with its refresh token": async (lab, host) => {
    const client = renewing(lab, host);
    const before = await client.lab.signIn(3600);
    await client.auth.set(before);
    equal(await client.lab.authorization(), `Bearer ${before.token}`);
    await client.lab.revoke();
    const found = await Promise.all([1, 2, 3].map(() => client.lab.authorization()));
    equal([new Set(found).size, found[0] === `Bearer ${before.token}`], [1, false]);
    await client.lab.revoke();
    equal((await client.lab.authorization()) === found[0], false); // by the second refresh token
  },
  "a token that another renewed is found in the storage": async (lab, host) => {
    const storage = memory();
    await signedIn(lab, host, storage, 10);
    const [one, other] = [renewing(lab, host, { storage }), renewing(lab, host, { storage })];
    await Promise.all([one.auth.ready(), other.auth.ready()]);
    equal(await one.lab.authorization(), await other.lab.authorization());
  },
  "a refresh token that is refused signs out": async (lab, host) => {
    for (const refreshToken of ["expired", "used"]) {
      const storage = memory();
      const client = renewing(lab, host, { storage });
      await client.auth.set({ token: "stale", refreshToken });
      await rejects(() => client.lab.authorization(), lab.UnauthorizedError);
      equal([client.auth.isSignedIn, storage.text], [false, null]);
    }
  },
  "a failing refresh fails the call, and the next call tries again": async (lab, host) => {
    let fails = true;
    const refresh = async () => {
      if (fails) throw new RangeError("no network");
      return "good";
    };
    const client = new lab.Client(host, { auth: { token: "stale", refresh } });
    await rejects(() => client.lab.authorization(), RangeError);
    await rejects(() => client.lab.authorizedStream().next(), RangeError);
    fails = false;
    equal(await client.lab.authorization(), "Bearer good");
  },
  "a sign-in during a renewal stays": async (lab, host) => {
    const refresh = async () => (await client.auth.set("good"), await sleep(30), "late");
    const client = new lab.Client(host, { auth: { token: "stale", refresh } });
    equal([await client.lab.authorization(), client.auth.token], ["Bearer good", "good"]);
  },
  "a stream yields its values, then ends": async (lab, host) =>
    equal(await all(new lab.Client(host).lab.count(300)), Array.from({ length: 300 }, (_, index) => index + 1)),
  "a stream's values arrive as their own class": async (lab, host) => {
    const client = new lab.Client(host);
    const [circle] = await all(client.lab.shapes());
    equal([circle instanceof lab.Circle, circle.radius], [true, 1]);
    equal(await all(client.lab.anything()), [1, null, ["a"]]);
  },
  "leaving a stream ends its method": async (lab, host) => {
    const client = new lab.Client(host);
    for await (const number of client.lab.forever()) if (number === 3) break;
    await eventually(client, "cancelled forever");
  },
  "streams share one socket": async (lab, host) => {
    const client = new lab.Client(host);
    await client.lab.notes();
    const first = client.lab.forever();
    await first.next();
    await Promise.all([all(client.lab.count(2)), all(client.lab.count(3))]);
    equal((await client.lab.notes()).filter((one) => one === "connected").length, 1);
    await first.return();
  },
  "a stream's exception comes after its values": async (lab, host) => {
    const stream = new lab.Client(host).lab.burnStream(true);
    equal((await stream.next()).value, 1);
    equal((await rejects(() => stream.next(), lab.FireException)).degrees, 500);
  },
  "a stream that breaks is an error": async (lab, host) => {
    const stream = new lab.Client(host).lab.breakStream();
    equal((await stream.next()).value, 1);
    await rejects(() => stream.next(), lab.StreamClosedError);
  },
  "a lost connection ends a stream": async (lab, host) => {
    const client = new lab.Client(host);
    await client.lab.notes();
    await rejects(() => all(client.lab.flaky()), lab.ConnectionLostError);
  },
  "a stream that reconnects is opened again": async (lab, host) => {
    const client = new lab.Client(host);
    await client.lab.notes();
    equal(await all(client.lab.flaky({ reconnect: true })), ["open 1", "open 2", "open 3"]);
  },
  "opening a stream gives up in time": async (lab) => {
    const started = Date.now();
    await rejects(() => new lab.Client("http://127.0.0.1:9/", { timeout: 700 }).lab.forever().next(), lab.NetworkError);
    equal(Date.now() - started < 5000, true);
  },
  "a stream has its own time to be opened": async (lab) => {
    const started = Date.now();
    await rejects(() => new lab.Client("http://127.0.0.1:9/").lab.forever({ timeout: 700 }).next(), lab.NetworkError);
    equal(Date.now() - started < 5000, true);
  },
  "a stream is opened with a token that lasts": async (lab, host) => {
    const storage = memory();
    const before = await signedIn(lab, host, storage, 10);
    const client = renewing(lab, host, { storage });
    const [[one], [other], called] = await Promise.all([
      all(client.lab.authorizedStream()), all(client.lab.authorizedStream()), client.lab.authorization(),
    ]);
    equal([one, other, one === `Bearer ${before.token}`], [called, called, false]);
  },
  "a stream is opened with a renewed token": async (lab, host) => {
    const client = new lab.Client(host, { auth: { token: "stale", refresh: async () => "good" } });
    equal(await all(client.lab.authorizedStream()), ["Bearer good"]);
  },
  "a stream is refused without a token": async (lab, host) => {
    const refused = await rejects(() => new lab.Client(host).lab.authorizedStream().next(), lab.StreamRefusedError);
    equal(refused.reason, "authenticationFailed");
  },
  "input streams": async (lab, host) => {
    const client = new lab.Client(host);
    async function* numbers() { yield 1; await sleep(5); yield 2; }
    equal(await all(client.lab.doubled(numbers())), [2, 4]);
    equal(await client.lab.total([1, 2, 3]), 6);
    const [points] = await all(client.lab.lists([[new lab.Point({ x: 1 })]], 1));
    equal([points[0] instanceof lab.Point, points[0].y], [true, 7]);
  },
  "an exception ends an input stream": async (lab, host) => {
    const client = new lab.Client(host);
    await client.lab.notes();
    async function* burning() { yield 1; throw new lab.FireException({ message: "hot" }); }
    equal(await all(client.lab.doubled(burning())), [2]);
    equal((await eventually(client, "input error")).includes("msse FireException"), true);
  },
  "files are sent where the server says": async (lab, host) => {
    const client = new lab.Client(host);
    await client.lab.notes();
    const place = { type: "binary", url: `${host}upload/fine`, method: "PUT", headers: { "X-Extra": "e", "Content-Type": "a/b" } };
    await client.upload(JSON.stringify(place), new Uint8Array([1, 2]));
    equal(await client.lab.notes(), ["PUT a/b e b'\\x01\\x02'"]);
  },
};

/** A storage like a page's localStorage. */
function memory() {
  const storage = {
    text: null,
    load: async () => storage.text,
    save: async (text) => {
      await sleep(1);
      storage.text = text;
    },
  };
  return storage;
}

/** A client that renews its token with an endpoint of its server. */
function renewing(lab, host, options = {}) {
  const refresh = (refreshToken) => client.lab.refreshAccessToken({ refreshToken });
  const client = new lab.Client(host, { auth: { refresh, ...options } });
  return client;
}

/** Sign in and store the result, which is returned. */
async function signedIn(lab, host, storage, seconds) {
  const client = new lab.Client(host, { auth: { storage } });
  const tokens = await client.lab.signIn(seconds);
  await client.auth.set(tokens);
  return tokens;
}

export async function all(stream) {
  const values = [];
  for await (const value of stream) values.push(value);
  return values;
}

async function eventually(client, note) {
  const seen = [];
  for (let tries = 0; tries < 100; tries++) {
    seen.push(...(await client.lab.notes()));
    if (seen.includes(note)) return seen;
    await sleep(20);
  }
  throw new Error(`never saw ${note}, only ${seen}`);
}

export async function rejects(step, type) {
  try {
    await step();
  } catch (error) {
    if (error instanceof type) return error;
    throw error;
  }
  throw new Error(`expected a ${type.name}`);
}

export function equal(found, expected) {
  const [one, other] = [found, expected].map((value) => JSON.stringify(sorted(value)));
  if (one !== other) throw new Error(`found ${one}\nexpected ${other}`);
}

/** With the keys of objects in order. */
function sorted(value) {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.keys(value).sort().map((key) => [key, sorted(value[key])]));
}

/** A moment has as many digits as it needs: 05.006000Z is 05.006Z. */
export function plain(value) {
  if (typeof value === "string") return value.replace(/^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d*?)0*)?Z$/, (_, whole, rest) => `${whole}.${rest ?? ""}Z`);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}
