// The calls of an app with the legacy module, with the module's own client: package:serverpod_auth_client of pub.dev.
// Arguments: the server's address with a slash at the end, a key of an old sign-in, the number of its user, an address
// and a password to sign in with, an ID token of Google. Prints "done" at the end; anything else is a failure.

import 'dart:convert';
import 'dart:typed_data';

import 'package:serverpod_auth_client/serverpod_auth_client.dart';

/// Stores the key in memory; Flutter's version stores it in the shared preferences.
class Keys extends AuthenticationKeyManager {
  String? key;

  @override
  Future<String?> get() async => key;

  @override
  Future<void> put(String key) async => this.key = key;

  @override
  Future<void> remove() async => key = null;

  @override
  Future<String?> toHeaderValue(String? key) async => key == null ? null : wrapAsBasicAuthHeaderValue(key);
}

class Client extends ServerpodClientShared {
  Client(String host) : super(host, Protocol(), streamingConnectionTimeout: null, connectionTimeout: null) {
    auth = Caller(this);
  }

  late final Caller auth;

  @override
  Map<String, EndpointRef> get endpointRefLookup => {};

  @override
  Map<String, ModuleEndpointCaller> get moduleLookup => {'auth': auth};
}

void check(bool holds, String what) {
  if (!holds) throw StateError(what);
}

Future<void> main(List<String> given) async {
  final [host, oldKey, number, email, password, googleToken] = given;
  final keys = Keys();
  final client = Client(host)..authKeyProvider = keys;
  final auth = client.auth;

  check(!await auth.status.isSignedIn(), 'nobody is signed in');
  check(await auth.status.getUserInfo() == null, 'nobody has no user info');
  check((await auth.status.getUserSettingsConfig()).canEditUserName, 'the settings of profiles');

  await keys.put(oldKey);
  final adopted = await auth.status.getUserInfo();
  check(adopted?.id == int.parse(number), 'an old key is of its user');
  check(adopted!.created.year == 2023 && adopted.scopeNames.contains('editor'), 'what Serverpod knew');

  await keys.put('7:gone');
  check(await auth.status.getUserInfo() == null, 'an invalid key has no user');
  final wrong = await auth.email.authenticate(email, 'wrong');
  check(!wrong.success && wrong.failReason == AuthenticationFailReason.invalidCredentials, 'a wrong password');

  final response = await auth.email.authenticate(email, password);
  check(response.success && response.userInfo?.email == email, 'signing in');
  await keys.put('${response.keyId}:${response.key}');
  check(await auth.status.isSignedIn(), 'the new key is good');

  check(await auth.user.changeUserName('Dora Dart'), 'another name');
  check(!await auth.user.changeUserName(' '), 'no name');
  final picture = base64Decode('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==');
  check(await auth.user.setUserImage(ByteData.sublistView(picture)), 'a picture');
  final changed = (await auth.status.getUserInfo())!;
  check(changed.userName == 'Dora Dart' && changed.imageUrl!.endsWith('.webp'), 'the changes are there');
  check(await auth.user.removeUserImage(), 'no picture');
  check((await auth.status.getUserInfo())!.imageUrl == null, 'the picture is gone');
  try {
    await auth.admin.getUserInfo(1);
    check(false, 'administrators only');
  } on ServerpodClientForbidden {
    // as it should be
  }

  final google = await auth.google.authenticateWithIdToken(googleToken);
  check(google.success && google.userInfo!.id != response.userInfo!.id, 'signing in with Google');
  check(!(await auth.google.authenticateWithServerAuthCode('no code', null)).success, 'a code that is none');
  check(!(await auth.firebase.authenticate('no token')).success, 'a token that is none');
  final apple = AppleAuthInfo(
    userIdentifier: 'x', fullName: 'X', nickname: 'X', identityToken: 'no token', authorizationCode: 'x');
  check(!(await auth.apple.authenticate(apple)).success, 'nobody of Apple');

  check(await auth.email.createAccountRequest('Eva', 'eva.dart@example.com', 'neun Wale und drei Haie'), 'signing up');
  check(await auth.email.createAccount('eva.dart@example.com', '12345678') == null, 'a wrong code');
  check(await auth.email.initiatePasswordReset(email), 'a forgotten password');
  check(!await auth.email.resetPassword('123456789123', 'zehn Wale und vier Haie'), 'a wrong code');
  check(await auth.email.changePassword(password, 'elf Wale und fünf Haie'), 'another password');
  check(await auth.status.isSignedIn(), 'the key is still good');

  await auth.status.signOutDevice();
  check(!await auth.status.isSignedIn(), 'signed out');
  await keys.put(oldKey);
  await auth.status.signOutAllDevices();
  check(await auth.status.getUserInfo() == null, 'signed out everywhere');
  client.close();
  print('done');
}
