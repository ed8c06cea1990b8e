// The names that parts of Dart use on pages without a preamble of their own.
import 'package:notes_client/notes_client.dart';

export 'dart:typed_data';
export 'package:notes_client/notes_client.dart';

late Client client;
