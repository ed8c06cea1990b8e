export 'package:notes_client/notes_client.dart';
export 'package:serverpod_auth_core_flutter/serverpod_auth_core_flutter.dart';
