// The same as module.dart for an app that was built with the packages of Serverpod 1, and with the same arguments.

import 'package:serverpod_auth_client/module.dart';
import 'package:serverpod_client/serverpod_client.dart';

class Keys extends AuthenticationKeyManager {
  String? key;

  @override
  Future<String?> get() async => key;

  @override
  Future<void> put(String key) async => this.key = key;

  @override
  Future<void> remove() async => key = null;
}

class Client extends ServerpodClient {
  Client(String host, Keys keys) : super(host, Protocol(), authenticationKeyManager: keys) {
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
  final host = given[0], oldKey = given[1], number = given[2], email = given[3], password = given[4];
  final keys = Keys();
  final client = Client(host, keys);
  final auth = client.auth;

  check(!await auth.status.isSignedIn(), 'nobody is signed in');
  check(await auth.status.getUserInfo() == null, 'nobody has no user info');
  check((await auth.status.getUserSettingsConfig()).canEditUserName, 'the settings of profiles');

  await keys.put(oldKey);
  final adopted = await auth.status.getUserInfo();
  check(adopted?.id == int.parse(number) && adopted!.created.year == 2023, 'an old key is of its user');

  await keys.put('7:gone');
  check(await auth.status.getUserInfo() == null, 'an invalid key has no user');
  final wrong = await auth.email.authenticate(email, 'wrong');
  check(!wrong.success && wrong.failReason == AuthenticationFailReason.invalidCredentials, 'a wrong password');

  final response = await auth.email.authenticate(email, password);
  check(response.success && response.userInfo?.email == email, 'signing in');
  await keys.put('${response.keyId}:${response.key}');
  check(await auth.status.isSignedIn(), 'the new key is good');
  check(await auth.user.changeUserName('Dora Dart'), 'another name');
  check((await auth.status.getUserInfo())!.userName == 'Dora Dart', 'the name is there');

  final google = await auth.google.authenticateWithIdToken(given[5]);
  check(google.success && google.userInfo!.userName.isNotEmpty, 'signing in with Google');
  check(await auth.email.createAccountRequest('Eva', 'eva.one@example.com', 'neun Wale und drei Haie'), 'signing up');
  check(await auth.email.createAccount('eva.one@example.com', '12345678') == null, 'a wrong code');
  check(await auth.email.initiatePasswordReset(email), 'a forgotten password');
  check(await auth.email.verifyEmailPasswordReset('123456789123') == null, 'a wrong code');
  check(await auth.email.changePassword(password, 'elf Wale und fünf Haie'), 'another password');

  await auth.status.signOut();
  check(!await auth.status.isSignedIn(), 'signed out');
  client.close();
  print('done');
}
