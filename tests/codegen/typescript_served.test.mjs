// A generated TypeScript client against the real server. Run by test_typescript_served.py.

import assert from "node:assert/strict";
import { test } from "node:test";

const generated = await import(process.env.CLIENT);
const { Client, Note, NoteNotFoundException } = generated;
const client = new Client(process.env.HOST);

test("the first call", async () => {
  assert.equal(await client.greeting.hello("Ada"), "Hello Ada");
});

test("signing in, notes, denied access, and a stream", async () => {
  await assert.rejects(client.notes.listNotes(), generated.UnauthorizedError);
  await assert.rejects(client.emailIdp.login({ email: `nobody-${Date.now()}@example.com`, password: "wrong" }), (error) => {
    assert.ok(error instanceof generated.serverpodAuthIdpModule.EmailAccountLoginException);
    assert.equal(error.reason, "invalidCredentials");
    return true;
  });
  const { token } = await client.anonymousIdp.login();
  client.auth.set(token);

  const stream = client.notes.watchNotes();
  const first = stream.next();
  let note;
  for (let tries = 0; tries < 50 && !note; tries++) {
    // The server subscribes some time after it accepted the stream.
    await client.notes.createNote(new Note({ title: "Milk", tags: ["shop"], color: "red" }));
    note = await Promise.race([first, new Promise((resolve) => setTimeout(resolve, 200))]);
  }
  assert.ok(note.value instanceof Note);
  assert.equal(note.value.title, "Milk");
  await stream.return();

  const [newest] = await client.notes.listNotes({ limit: 1 });
  assert.deepEqual([newest.title, newest.tags, newest.color], ["Milk", ["shop"], "red"]);
  const changed = await client.notes.updateNote(newest.copyWith({ title: "Tea", remindAt: new Date("2030-01-01T00:00:00.5Z") }));
  assert.deepEqual(changed, await client.notes.getNote(newest.id));
  assert.equal(changed.remindAt.getMilliseconds(), 500);
  assert.ok((await client.notes.statistics()).byColor.get("red") >= 1);
  await client.notebooks.createNotebook("Home");
  assert.deepEqual((await client.notebooks.listNotebooks()).map(({ name, notes }) => [name, notes]), [["Home", []]]);

  await assert.rejects(client.notes.getNote(0), (error) => error instanceof NoteNotFoundException && error.noteId === 0);
  await assert.rejects(client.notesAdmin.countAllNotes(), generated.ForbiddenError);

  const home = await client.notebookRows.create(new generated.Notebook({ name: "Rows" }));
  for (const title of ["a", "b", "c"]) {
    await client.noteRows.create(new Note({ title, tags: [], notebookId: home.id, reminded: true }));
  }
  const asked = { where: new generated.NoteWhere({ notebookId: home.id }), order: "titleDesc", limit: 2, expand: ["notebook"] };
  const page = await client.noteRows.list(asked);
  assert.deepEqual(page.rows.map((row) => [row.title, row.reminded, row.notebook.name]), [["c", false, "Rows"], ["b", false, "Rows"]]);
  const rest = await client.noteRows.list({ ...asked, after: page.next });
  assert.deepEqual([rest.rows.map((row) => row.title), rest.next], [["a"], null]);
  const stored = await client.noteRows.update(page.rows[0].copyWith({ title: "x", body: "y" }), { fields: ["title"] });
  assert.deepEqual([stored.title, stored.body], ["x", ""]);
  assert.equal(await client.noteRows.count({ where: new generated.NoteWhere({ titleContains: "X" }) }), 1);
  await client.noteRows.delete(stored.id);
  await assert.rejects(client.noteRows.get(stored.id), generated.NotFoundError);

  const watching = client.notes.watchNotes();
  const ended = assert.rejects(watching.next(), generated.StreamClosedError);
  await new Promise((resolve) => setTimeout(resolve, 300));
  await client.modules.serverpod_auth_core.status.signOutDevice();
  await ended;
  await assert.rejects(client.notes.listNotes(), generated.UnauthorizedError);
  await assert.rejects(client.notes.watchNotes().next(), generated.StreamRefusedError);
});
