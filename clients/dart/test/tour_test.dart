// The README's tour against a running `python3 manage.py dev` (or PODIUM_URL). Needs the Dart SDK: run in CI on GitHub.
import 'dart:io';

import 'package:example_client/example_client.dart';
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
    final note = await client.notes.createNote(Note(title: 'Milk'));
    expect((await watched).id, note.id);
    expect((await client.notes.listNotes()).single.title, 'Milk');
    await expectLater(
      client.notes.getNote(-1),
      throwsA(isA<NoteNotFoundException>()),
    );
    await client.modules.serverpod_auth_core.status.signOutDevice();
  });
}
