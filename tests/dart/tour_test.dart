// A tour with the generated client against a running server (PODIUM_URL): the README's tour, with the app of the tests.
import 'dart:io';

import 'package:notes_client/notes_client.dart';
import 'package:test/test.dart';

class Token implements ClientAuthKeyProvider {
  String? token;

  @override
  Future<String?> get authHeaderValue async =>
      token == null ? null : 'Bearer $token';
}

void main() {
  final url = Platform.environment['PODIUM_URL'] ?? 'http://127.0.0.1:8000/';
  final token = Token();
  final client = Client(url)..authKeyProvider = token;

  tearDownAll(client.close);

  test('a call', () async {
    expect(await client.greeting.hello('World'), 'Hello World');
  });

  test('a sign-in, notes, a declared exception, a stream', () async {
    final success = await client.anonymousIdp.login();
    token.token = success.token;

    final watched = client.notes.watchNotes().first;
    await Future<void>.delayed(const Duration(seconds: 1));
    final note = await client.notes.createNote(
      Note(title: 'Milk', tags: ['shop'], color: NoteColor.blue),
    );
    expect((await watched).id, note.id);
    expect((await client.notes.listNotes()).single.title, 'Milk');
    expect((await client.notes.statistics()).byColor[NoteColor.blue], 1);
    await expectLater(
      client.notes.getNote(-1),
      throwsA(isA<NoteNotFoundException>()),
    );

    final home = await client.notebookRows.create(Notebook(name: 'Home'));
    for (final title in ['a', 'b', 'c']) {
      await client.noteRows.create(
        Note(title: title, tags: [], notebookId: home.id, reminded: true),
      );
    }
    final where = NoteWhere(notebookId: home.id);
    final page = await client.noteRows.list(
      where: where,
      order: NoteOrder.titleDesc,
      limit: 2,
      expand: [NoteExpand.notebook],
    );
    expect(
      [
        for (final row in page.rows)
          '${row.title} ${row.reminded} ${row.notebook?.name}',
      ].join(', '),
      'c false Home, b false Home',
    );
    final rest = await client.noteRows.list(
      where: where,
      order: NoteOrder.titleDesc,
      after: page.next,
    );
    expect(rest.rows.single.title, 'a');
    expect(rest.next, null);
    final stored = await client.noteRows.update(
      page.rows.first.copyWith(title: 'x', body: 'y'),
      fields: [NoteField.title],
    );
    expect((stored.title, stored.body), ('x', ''));
    expect(
      await client.noteRows.count(where: NoteWhere(titleContains: 'X')),
      1,
    );
    await client.noteRows.delete(stored.id!);
    await expectLater(
      client.noteRows.get(stored.id!),
      throwsA(isA<ServerpodClientNotFound>()),
    );
    await client.modules.serverpod_auth_core.status.signOutDevice();
  });
}
