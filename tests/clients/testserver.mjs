// The list "testserver" of behaviour.json and the values of echoes.py, for the TypeScript client; in Node and in browsers.

import { all, equal, note, plain, rejects, sleep } from "./behaviour.mjs";

/** Run all; returns name -> "" for success, else the error. */
export async function run(lab, host, { echoes, streams, scenarios }) {
  const found = {};
  for (const one of echoes) await note(found, one.name, () => echo(lab, host, one));
  for (const one of streams) await note(found, one.name, () => streamed(lab, host, one));
  for (const name of scenarios) await note(found, name, () => SCENARIOS[name](new lab.Client(host), lab, host));
  return found;
}

/** The client itself decodes the value from JSON; the server's answer is compared. */
async function echo(lab, host, { endpoint, method, wire }) {
  const value = await read(lab, host, { endpoint, method, wire });
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

/** The same through a stream. A call of the type decodes the JSON, and encodes the results. */
async function streamed(lab, host, { call, endpoint, method, wire }) {
  const value = await read(lab, host, { ...call, wire });
  const found = await all(new lab.Client(host)[endpoint][method]([value, value]));
  equal(found.length, 2);
  for (const one of found) {
    let sent = {};
    const written = new lab.Client(host, {
      fetch: async (_, { body }) => ((sent = JSON.parse(body)), new Response(JSON.stringify(wire))),
    });
    await written[call.endpoint][call.method](one);
    equal(plain(Object.values(sent)), plain([wire]));
  }
}

function read(lab, host, { endpoint, method, wire }) {
  const canned = new lab.Client(host, { fetch: async () => new Response(JSON.stringify(wire)) });
  return canned[endpoint][method](undefined);
}

const SCENARIOS = {
  "a declared exception arrives with its fields": async (client, lab) => {
    const raised = await rejects(() => client.exceptionTest.throwExceptionWithData(), lab.ExceptionWithData);
    equal([raised.message, raised.someNullableField], ["Throwing an exception", 1]);
    const other = await rejects(() => client.echoRequiredField.throwException(), lab.ExceptionWithRequiredField);
    equal([other.name, other.email], ["John Doe", "john.doe@example.com"]);
  },
  "any other exception is an error without its text": async (client, lab) => {
    const raised = await rejects(() => client.exceptionTest.throwNormalException(), lab.ServerError);
    equal([raised.status, raised.body], [500, ""]);
  },
  "a call that takes too long fails, and the server goes on": async (client, lab, host) => {
    const streams = client.methodStreaming;
    await rejects(() => streams.delayedResponse(60, { timeout: 200 }), lab.TimeoutError);
    const hasty = new lab.Client(host, { timeout: 200 });
    await rejects(() => hasty.methodStreaming.delayedResponse(60), lab.TimeoutError);
    await streams.completeAllDelayedResponses();
    equal(await streams.doubleInputValue(2), 4);
  },
  "a password opens what needs it, until the user signs out": async (client, lab, host) => {
    await client.authentication.removeAllUsers();
    await rejects(() => client.signInRequired.testMethod(), lab.UnauthorizedError);
    const refused = await rejects(
      () => client.authenticatedMethodStreaming.simpleStream().next(), lab.StreamRefusedError,
    );
    equal(refused.reason, "authenticationFailed");
    equal((await client.authentication.authenticate("test@foo.bar", "wrong")).success, false);
    const answer = await client.authentication.authenticate("test@foo.bar", "password", ["serverpod.admin"]);
    const token = `${answer.keyId}:${answer.key}`;
    const admin = new lab.Client(host, { auth: { token, scheme: "Basic" } });
    equal([await admin.signInRequired.testMethod(), await admin.adminScopeRequired.testMethod()], [true, true]);
    equal((await all(admin.authenticatedMethodStreaming.simpleStream())).length, 10);
    equal(await all(admin.authenticatedMethodStreaming.intEchoStream([1, 2])), [1, 2]);
    await rejects(() => admin.authenticatedTestTools.returnsString("a"), lab.ForbiddenError);
    const declined = await rejects(() => admin.authenticatedTestTools.returnsStream(1).next(), lab.StreamRefusedError);
    equal(declined.reason, "authorizationDeclined");
    await admin.authentication.signOut();
    await rejects(() => admin.signInRequired.testMethod(), lab.UnauthorizedError);
  },
  "calls that are open to everyone go without the token": async (_, lab, host) => {
    const client = new lab.Client(host, { auth: { token: "no token" } });
    equal(await client.unauthenticated.unauthenticatedMethod(), false);
    equal(await all(client.unauthenticated.unauthenticatedStream()), [false]);
  },
  "arguments go by position and by name, or are left out": async (client) => {
    equal(await client.namedParameters.namedParametersMethod({ namedInt: 42, intWithDefaultValue: 42 }), true);
    equal(await client.namedParameters.namedParametersMethodEqualInts({ namedInt: 1, nullableInt: 1 }), true);
    equal(await client.namedParameters.namedParametersMethodEqualInts({ namedInt: 1 }), false);
    const given = client.optionalParameters;
    equal([await given.returnOptionalInt(), await given.returnOptionalInt(null), await given.returnOptionalInt(3)], [null, null, 3]);
    const old = client.deprecation;
    equal([await old.methodWithMixedParams("a", "b"), await old.methodWithOptionalDeprecatedParam()], ["ab", "default"]);
  },
  "streams go in and out, and become one": async ({ methodStreaming: streams }) => {
    equal(await all(streams.simpleStream()), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    equal(await all(streams.nullableIntEchoStream([1, null, 2])), [1, null, 2]);
    const both = await all(streams.multipleIntEchoStreams([1, 2], [10, 20, 30]));
    equal(both.sort((one, other) => one - other), [1, 2, 10, 20, 30]);
  },
  "a stream becomes one value": async (client) => {
    const streams = client.methodStreaming;
    equal([await streams.intReturnFromStream([4, 5]), await streams.nullableIntReturnFromStream([null])], [4, null]);
    await streams.voidReturnAfterStream([1, 2]);
    equal(await client.testTools.returnsListFromInputStream([1, 2]), [1, 2]);
  },
  "exceptions end a stream": async ({ methodStreaming: streams }, lab) => {
    const declared = streams.outStreamThrowsSerializableException();
    const raised = await rejects(() => declared.next(), lab.ExceptionWithData);
    equal(raised.errorFields, ["first line error", "second line error"]);
    const other = streams.outStreamThrowsException();
    equal((await rejects(() => other.next(), lab.StreamClosedError)).message.includes("not for clients"), false);
    await rejects(() => streams.throwsSerializableException([]), lab.ExceptionWithData);
  },
  "the method hears what ended its input": async ({ methodStreaming: streams }, lab) => {
    async function* failing(error) { yield 1; throw error; }
    const declared = new lab.ExceptionWithData({ message: "m", creationDate: new Date(), errorFields: [], someNullableField: null });
    equal(await streams.didInputStreamHaveSerializableExceptionError(failing(declared)), true);
    equal([await streams.didInputStreamHaveError(failing(new Error("mine"))), await streams.didInputStreamHaveError([1])], [true, false]);
  },
  "leaving a stream ends its method": async ({ methodStreaming: streams }) => {
    await streams.wasSessionWillCloseListenerCalled();
    for await (const number of streams.neverEndingStreamWithDelay(1)) if (number === 2) break;
    for (let tries = 0; !(await streams.wasSessionWillCloseListenerCalled()); tries++) {
      if (tries > 300) throw new Error("the method still runs");
      await sleep(20);
    }
  },
  "a subclass arrives as itself": async ({ inheritancePolymorphismTest: tests }, lab) => {
    const given = new lab.PolymorphicGrandChild({ parent: "a", child: "b", grandchild: "c" });
    for (const [name, found] of [await tests.polymorphicRoundtrip(given), ...(await all(tests.polymorphicStreamingRoundtrip([given])))]) {
      equal([name, found instanceof lab.PolymorphicGrandChild, found.grandchild], ["PolymorphicGrandChild", true, "c"]);
    }
  },
  "a value of any type arrives as what it was": async (client, lab) => {
    const data = new lab.SimpleData({ num: 1 });
    for (const value of [1, "a", null, true, [1, "b"], { a: [2] }]) equal(await client.testTools.echoDynamic(value), value);
    const [one, two, three] = await all(client.methodStreaming.dynamicEchoStream([1, "two", data]));
    equal([one, two, three instanceof lab.SimpleData, three.num], [1, "two", true, 1]);
  },
  "models of a module go there and back": async (client, lab) => {
    const { ModuleClass } = lab.serverpodTestModuleModule;
    const found = await client.testTools.echoModuleClass(new ModuleClass({ name: "n", data: 3 }));
    equal([found instanceof ModuleClass, found.name, found.data], [true, "n", 3]);
    equal(await client.moduleSerialization.serializeModuleObject(), true);
  },
  "endpoints have what they inherit and show": async (client) => {
    equal(await client.concreteSubClass.virtualMethod(), "virtualMethod");
    equal(await client.moduleEndpointAdaptation.echoString("a"), "re-exposed: a");
    equal(await client.moduleEndpointExtension.greet("World"), "Hello World");
    const shown = [client.moduleEndpointSubclass.ignoredMethod, client.moduleEndpointReduction.echoString, client.abstractBase];
    equal(shown.map((one) => one === undefined), [true, true, true]);
  },
};
