// The README's tour with the generated TypeScript client: node tour.mjs URL CLIENT_FOLDER. Fails by exit code.
import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";

const [url, folder] = process.argv.slice(2);
const { Client, Note, NoteNotFoundException, UnauthorizedError } = await import(
  pathToFileURL(`${folder}/dist/index.js`).href
);
const client = new Client(`${url}/`);

assert.equal(await client.greeting.hello("World"), "Hello World");
await assert.rejects(client.notes.listNotes(), UnauthorizedError);

const success = await client.anonymousIdp.login();
client.auth.set(success.token);
const core = client.modules.serverpod_auth_core;
assert.equal((await core.userProfileInfo.get()).authUserId, success.authUserId);
assert.deepEqual((await client.accounts.listDevices()).map((device) => device.current), [true]);

// A stream: what is created from here on arrives.
const watched = client.notes.watchNotes()[Symbol.asyncIterator]();
const first = watched.next();
await new Promise((resolve) => setTimeout(resolve, 500)); // the stream opens meanwhile
const note = await client.notes.createNote(new Note({ title: "Milk" }));
assert.equal((await first).value.id, note.id);

assert.equal((await client.notes.getNote(note.id)).title, "Milk");
assert.equal((await client.notes.listNotes({ limit: 10 })).length, 1);
note.title = "Oat milk";
assert.equal((await client.notes.updateNote(note)).title, "Oat milk");
assert.equal((await watched.next()).value.title, "Oat milk");
await assert.rejects(
  client.notes.getNote(2 ** 40),
  (error) => error instanceof NoteNotFoundException && error.noteId === 2 ** 40,
);

// A scheduled call: a worker runs it, and what it did comes over the stream.
await client.notes.remindMe(note.id, 2000);
assert.equal((await watched.next()).value.reminded, true);
await watched.return();

// An upload, read back.
const data = new TextEncoder().encode("eggs, flour, milk\n");
const ticket = await client.files.startUpload("list.txt", data.length, "text/plain");
await client.upload(ticket.description, data);
const file = await client.files.finishUpload(ticket.id);
assert.equal(await (await fetch(file.url)).text(), "eggs, flour, milk\n");

await client.notes.deleteNote(note.id);
await core.status.signOutDevice();
await assert.rejects(client.notes.listNotes(), UnauthorizedError);
client.close?.();
console.log("tour done");
