// Tests of the TypeScript client against tests/codegen/wire_server.py. Run by test_typescript.py.

import assert from "node:assert/strict";
import { test } from "node:test";

const lab = await import(process.env.CLIENT);
const host = process.env.HOST;
const connect = (options) => new lab.Client(host, options);
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function all(stream) {
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
  assert.fail(`never saw ${note}, only ${seen}`);
}

function everything(changes = {}) {
  return new lab.Everything({
    anInt: 2 ** 53 - 1,
    aDouble: 0.5,
    aBool: true,
    aString: "ä\u2028😀",
    aDateTime: new Date("2030-01-02T03:04:05.006Z"),
    aDuration: 1500,
    aUuid: "550e8400-e29b-41d4-a716-446655440000",
    aUri: "https://example.com/?a=b",
    aBigInt: 2n ** 100n,
    someBytes: new Uint8Array([0, 1, 254, 255]),
    color: lab.Color.red,
    mood: "delete",
    vector: [1, 2.5, -3],
    sparse: [0, 1, 0, 2],
    bits: [true, false, true, true],
    place: "SRID=4326;POINT(9.99 53.55)",
    names: ["a", null],
    numbers: new Set([1, 2]),
    byName: { a: 1, ["__proto__"]: 2 },
    byMood: new Map([["calm", [1]]]),
    byPoint: new Map([[new lab.Point({ x: 1 }), "p"]]),
    points: new Set([new lab.Point({ x: 2, y: 3 })]),
    pair: [1, "two"],
    one: [1],
    named: { count: 3, mood: null },
    mixed: [4, { at: new lab.Point({ x: 5 }) }],
    shapes: [new lab.Circle({ label: "c", radius: 1 }), new lab.Square({ label: "s", corners: [[0, 1]] })],
    badge: new lab.labModuleModule.Badge({ label: "b" }),
    payload: [1, 1.5, "x", null, new Set([true]), { k: new lab.Point({ x: 1 }) }, new Map([[1, 2n]])],
    mustBeSaid: null,
    renamed: 9,
    ...changes,
  });
}

test("every type comes back as it was sent", async () => {
  const sent = everything();
  const found = await connect().lab.echo(sent);
  assert.deepEqual(found, sent);
  assert.ok(found.shapes[1] instanceof lab.Square && found.shapes[1] instanceof lab.Polygon);
  assert.equal(JSON.stringify(found), JSON.stringify(sent));
});

test("the wire has the forms that the server reads", () => {
  const json = everything().toJSON();
  assert.equal(json.__className__, "Everything");
  assert.equal(json.someBytes, "decode('AAH+/w==', 'base64')");
  assert.equal(json.color, 1);
  assert.equal(json.mood, "delete");
  assert.equal(json.aBigInt, (2n ** 100n).toString());
  assert.deepEqual(json.byMood, [{ k: "calm", v: [1] }]);
  assert.deepEqual(json.mixed, { p: [4], n: { at: { __className__: "Point", x: 5, y: 7 } } });
  assert.deepEqual(json.badge, { __className__: "lab_module.Badge", label: "b" });
  assert.equal(json.other_name, 9);
  assert.ok(!("nothing" in json) && !("mustBeSaid" in json) && !("secret" in json));
});

test("defaults apply to omitted fields", () => {
  const value = everything();
  assert.equal(value.quoted, 'a "quoted" \\ word');
  assert.equal(value.moment.toISOString(), "2024-05-06T07:08:09.000Z");
  assert.equal(value.pause, 3_600_000);
  assert.equal(value.big, 12345678901234567890n);
  const [first, second] = [new lab.RecordModel(), new lab.RecordModel()];
  assert.notEqual(first.id, second.id);
  assert.match(first.order, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.ok(Math.abs(parseInt(first.order.replace("-", "").slice(0, 12), 16) - Date.now()) < 5000);
});

test("a value of the wrong type is refused with its path", async () => {
  const client = connect();
  await assert.rejects(client.lab.echo(everything({ anInt: 2 ** 53 })), /lab\.echo\(value\).*anInt.*2\^53/);
  await assert.rejects(client.lab.echo(everything({ named: { count: 0.5, mood: null } })), /named\.count/);
  assert.throws(() => lab.Point.fromJson({ __className__: "Point" }), { name: "WireError", message: /x: .*nothing/ });
  assert.throws(() => lab.Shape.fromJson({ label: "?" }), /extends Shape/);
  assert.throws(() => lab.Point.fromJson({ __className__: "Circle", label: "", radius: 1 }), /expected a Point/);
  assert.equal(lab.Point.fromJson({ __className__: "PointOfTomorrow", x: 1 }).x, 1);
  const far = { __className__: "Circle", label: "", radius: 1, color: 99 };
  assert.equal(lab.Shape.fromJson(far).color, "gray");
});

test("older and other spellings of values are read", () => {
  const json = { ...everything().toJSON(), aDateTime: 86_400_000, aBool: 1, bits: "0101", sparse: "{2:1.5}/4" };
  const found = lab.Everything.fromJson({ ...json, moment: "2030-01-01T00:00:00.123456Z" });
  assert.equal(found.aDateTime.toISOString(), "1970-01-02T00:00:00.000Z");
  assert.equal(found.aBool, true);
  assert.deepEqual(found.bits, [false, true, false, true]);
  assert.deepEqual(found.sparse, [0, 1.5, 0, 0]);
  assert.equal(found.moment.toISOString(), "2030-01-01T00:00:00.123Z");
});

test("an empty map of Dart is read, and sets keep their order", () => {
  const data = { ...everything({ numbers: new Set([70, 3, -1]) }).toJSON(), byMood: {} };
  const found = lab.Everything.fromJson(data);
  assert.equal(found.byMood.size, 0);
  assert.deepEqual(found.toJSON().byMood, []);
  assert.deepEqual(found.toJSON().numbers, [70, 3, -1]);
  assert.throws(() => lab.Everything.fromJson({ ...data, byMood: { calm: [1] } }), /expected a list/);
});

test("copyWith changes only the named fields", () => {
  const circle = new lab.Circle({ label: "c", radius: 1, color: "gray" });
  const copy = circle.copyWith({ radius: 2 });
  assert.deepEqual({ ...copy }, { label: "c", radius: 2, color: "gray" });
  assert.equal(circle.radius, 1);
});

test("only arguments that were given are sent", async () => {
  const client = connect();
  assert.deepEqual(JSON.parse(await client.lab.arguments("Ada")), { name: "Ada" });
  const all = await client.lab.arguments("Ada", null, 3, { color: "red", loud: true });
  assert.deepEqual(JSON.parse(all), { name: "Ada", greeting: null, times: 3, color: 1, loud: true });
  const awkward = await client.lab.awkward("a", undefined, { in: "b" });
  assert.deepEqual(JSON.parse(awkward), { class: "a", in: "b" });
  assert.equal(await client.modules.lab_module.status.ping(), "pong");
  assert.equal(await client.closeEndpoint.ping(), "pong");
  assert.deepEqual(await client.lab.echoRecord({ count: 1, word: "w" }), { count: 1, word: "w" });
  const mixed = new Map([["k", new lab.Point({ x: 1 })]]);
  assert.deepEqual(await client.lab.echoDynamic([mixed, 1.5]), [new Map([["k", new lab.Point({ x: 1 })]]), 1.5]);
});

test("declared exceptions arrive with their class", async () => {
  const client = connect();
  await assert.rejects(client.lab.burn(true), (error) => {
    assert.ok(error instanceof lab.FireException && error instanceof lab.LabException && error instanceof Error);
    assert.deepEqual([error.message, error.degrees, error.name], ["too hot", 500, "FireException"]);
    return true;
  });
  await assert.rejects(client.lab.burn(false), (error) => !(error instanceof lab.FireException));
});

test("other answers are errors by status", async () => {
  const client = connect();
  const expected = {
    400: lab.BadRequestError, 401: lab.UnauthorizedError, 403: lab.ForbiddenError, 404: lab.NotFoundError,
    413: lab.TooLargeError, 429: lab.TooManyRequestsError, 418: lab.HttpError, 500: lab.ServerError, 503: lab.ServerError,
  };
  for (const [status, type] of Object.entries(expected)) {
    await assert.rejects(client.lab.fail(Number(status)), (error) => error.constructor === type && error.status === Number(status));
  }
  await assert.rejects(new lab.Client("http://127.0.0.1:1/").lab.slow(), lab.NetworkError);
  await assert.rejects(client.lab.slow({ timeout: 50 }), lab.TimeoutError);
  await assert.rejects(client.lab.slow({ signal: AbortSignal.abort("enough") }), (reason) => reason === "enough");
  const controller = new AbortController();
  const waiting = client.lab.slow({ signal: controller.signal });
  setTimeout(() => controller.abort(), 20);
  await assert.rejects(waiting, { name: "AbortError" });
  assert.throws(() => new lab.Client("example.com"), lab.ClientError);
});

test("a refused token is refreshed once for all waiting calls", async () => {
  let refreshed = 0;
  const seen = [];
  const refresh = async () => (await sleep(30), refreshed++, "good");
  const client = connect({ auth: { token: "stale", refresh, onChange: (token) => seen.push(token) } });
  const found = await Promise.all([client.lab.authorization(), client.lab.authorization()]);
  assert.deepEqual([found, refreshed, seen], [["Bearer good", "Bearer good"], 1, ["good"]]);
  assert.equal(await client.lab.openAuthorization(), "");
  client.auth.clear();
  assert.equal(await client.lab.authorization(), "");
  await assert.rejects(connect({ auth: { token: "stale" } }).lab.authorization(), lab.UnauthorizedError);
  const basic = connect({ auth: { token: "käy:1", scheme: "Basic" } });
  assert.equal(await basic.lab.authorization(), `Basic ${Buffer.from("käy:1").toString("base64")}`);
});

test("a stream is opened again with a refreshed token", async () => {
  const client = connect({ auth: { token: "stale", refresh: async () => "good" } });
  assert.deepEqual(await all(client.lab.authorizedStream()), ["Bearer good"]);
  client.auth.clear();
  await assert.rejects(client.lab.authorizedStream().next(), { name: "StreamRefusedError", reason: "authenticationFailed" });
});

test("a stream yields its values, then ends", async () => {
  const client = connect();
  assert.deepEqual(await all(client.lab.count(300)), Array.from({ length: 300 }, (_, index) => index + 1));
  const [circle] = await all(client.lab.shapes());
  assert.ok(circle instanceof lab.Circle && circle.color === "gray");
  assert.deepEqual(await all(client.lab.anything()), [1, null, ["a"]]);
  await eventually(client, "disconnected");
});

test("several streams share one socket", async () => {
  const client = connect();
  await client.lab.notes();
  const first = client.lab.forever();
  await first.next();
  await Promise.all([all(client.lab.count(2)), all(client.lab.count(3))]);
  assert.equal((await client.lab.notes()).filter((note) => note === "connected").length, 1);
  await first.return();
});

test("leaving the loop, return, a signal and close end the method on the server", async () => {
  const client = connect();
  for await (const number of client.lab.forever()) if (number === 3) break;
  await eventually(client, "cancelled forever");
  const stream = client.lab.forever();
  await stream.next();
  const waiting = (async () => { while (!(await stream.next()).done); })();
  await stream.return();
  await waiting;
  await eventually(client, "cancelled forever");
  const controller = new AbortController();
  const aborted = client.lab.forever({ signal: controller.signal });
  await aborted.next();
  controller.abort(new Error("enough"));
  await assert.rejects((async () => { for await (const _ of aborted); })(), /enough/);
  await eventually(client, "cancelled forever");
  const last = client.lab.forever();
  await last.next();
  client.close();
  assert.equal((await last.next()).done, true);
  await eventually(client, "disconnected");
});

test("errors on a stream come after the values before them", async () => {
  const client = connect();
  const seen = [];
  const read = async (stream) => { for await (const value of stream) seen.push(value); };
  await assert.rejects(read(client.lab.burnStream(true)), (error) => error instanceof lab.FireException && error.degrees === 500);
  await assert.rejects(read(client.lab.breakStream()), lab.StreamClosedError);
  assert.deepEqual(seen, [1, 1]);
});

test("a broken socket ends a stream, or opens it again with reconnect", async () => {
  const client = connect();
  await client.lab.notes();
  await assert.rejects(all(client.lab.flaky()), lab.ConnectionLostError);
  await client.lab.notes();
  assert.deepEqual(await all(client.lab.flaky({ reconnect: true })), ["open 1", "open 2", "open 3"]);
  assert.throws(() => client.lab.doubled([1], { reconnect: true }), lab.ClientError);
});

test("without a server, opening gives up in time", async () => {
  const client = new lab.Client("http://127.0.0.1:1/", { timeout: 700 });
  const started = Date.now();
  await assert.rejects(client.lab.forever().next(), lab.NetworkError);
  assert.ok(Date.now() - started < 3000);
});

test("unread values are limited", async () => {
  const client = connect();
  const stream = client.lab.flood();
  await stream.next();
  await eventually(client, "cancelled flood");
  await assert.rejects((async () => { for await (const _ of stream); })(), lab.StreamOverflowError);
});

test("input streams", async () => {
  const client = connect();
  async function* numbers() { yield 1; await sleep(5); yield 2; }
  assert.deepEqual(await all(client.lab.doubled(numbers())), [2, 4]);
  assert.equal(await client.lab.total([1, 2, 3]), 6);
  const points = [[new lab.Point({ x: 1 })], []];
  assert.deepEqual(await all(client.lab.lists(points, 1)), points);
  await client.lab.notes();
  async function* burning() { yield 1; throw new lab.FireException({ message: "hot" }); }
  for await (const _ of client.lab.doubled(burning()));
  const seen = await eventually(client, "input error");
  assert.ok(seen.includes("msse FireException"));
});

test("files are sent to the address from the server", async () => {
  const client = connect();
  await client.lab.notes();
  const data = new Uint8Array([1, 2]);
  const binary = { type: "binary", url: `${host}upload/fine`, method: "PUT", headers: { "X-Extra": "e", "Content-Type": "a/b" } };
  await client.upload(JSON.stringify(binary), data);
  assert.deepEqual(await client.lab.notes(), ["PUT a/b e b'\\x01\\x02'"]);
  const multipart = { type: "multipart", url: `${host}upload/multipart`, field: "file", "file-name": "n.txt", "request-fields": { policy: "p" } };
  await client.upload(JSON.stringify(multipart), new Blob(["text"]));
  const [note] = await client.lab.notes();
  assert.match(note, /^POST multipart\/form-data; .*name="policy"\\r\\n\\r\\np\\r\\n.*filename="n.txt".*text/s);
  await assert.rejects(client.upload(JSON.stringify({ ...binary, url: `${host}upload/no` }), data), { name: "HttpError", status: 403 });
  await assert.rejects(client.upload("no JSON", data), lab.ClientError);
});
