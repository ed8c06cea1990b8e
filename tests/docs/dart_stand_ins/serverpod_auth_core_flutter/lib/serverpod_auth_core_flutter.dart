// The session of the signed-in user, kept on the device.
import 'package:flutter/foundation.dart';
import 'package:serverpod_auth_core_client/serverpod_auth_core_client.dart';
import 'package:serverpod_client/serverpod_client.dart';

class FlutterAuthSessionManager implements RefresherClientAuthKeyProvider {
  @override
  Future<String?> get authHeaderValue => throw UnimplementedError();

  @override
  Future<RefreshAuthKeyResult> refreshAuthKey({bool force = false}) => throw UnimplementedError();

  ValueListenable<AuthSuccess?> get authInfoListenable => throw UnimplementedError();

  Future<bool> initialize({Duration timeout = const Duration(seconds: 2)}) => throw UnimplementedError();

  Future<void> updateSignedInUser(AuthSuccess? authInfo) => throw UnimplementedError();
}

extension ClientAuthSessionManagerExtension on ServerpodClientShared {
  FlutterAuthSessionManager get auth => throw UnimplementedError();

  set authSessionManager(FlutterAuthSessionManager authSessionManager) => throw UnimplementedError();
}
