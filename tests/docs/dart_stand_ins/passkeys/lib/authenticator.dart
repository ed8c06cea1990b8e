// The passkeys of the device.
import 'types.dart';

class PasskeyAuthenticator {
  Future<RegisterResponseType> register(RegisterRequestType request) => throw UnimplementedError();

  Future<AuthenticateResponseType> authenticate(AuthenticateRequestType request) => throw UnimplementedError();
}
