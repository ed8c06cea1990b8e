import 'package:notes_client/notes_client.dart';

export '../../any_page.dart';
export 'package:serverpod_auth_core_client/serverpod_auth_core_client.dart' show AuthSuccess;
export 'package:serverpod_auth_core_flutter/serverpod_auth_core_flutter.dart';
export 'package:serverpod_auth_idp_flutter/serverpod_auth_idp_flutter.dart';

late String email, password;

Future<String> askForCode(List<String> methods) => throw UnimplementedError();

void goHome() => throw UnimplementedError();

void openCodePage(SecondFactorRequiredException due) => throw UnimplementedError();

void openSetUpPage() => throw UnimplementedError();
