export '../../any_page.dart';
export 'package:serverpod_auth_core_flutter/serverpod_auth_core_flutter.dart';

late String code, verifier;
