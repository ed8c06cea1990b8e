// Authentication: the value of the header Authorization, and its renewal.
import 'dart:convert';

String wrapAsBasicAuthHeaderValue(String key) => 'Basic ${base64Encode(utf8.encode(key))}';

String wrapAsBearerAuthHeaderValue(String token) => 'Bearer $token';

abstract interface class ClientAuthKeyProvider {
  Future<String?> get authHeaderValue;
}

abstract interface class RefresherClientAuthKeyProvider implements ClientAuthKeyProvider {
  /// Called when the server refuses a call or a stream, which is repeated once after a success.
  Future<RefreshAuthKeyResult> refreshAuthKey({bool force = false});
}

enum RefreshAuthKeyResult { skipped, success, failedUnauthorized, failedOther }

/// Makes a provider renew its key in time, and once for all waiting calls.
class MutexRefresherClientAuthKeyProvider implements RefresherClientAuthKeyProvider {
  MutexRefresherClientAuthKeyProvider(this._delegate);

  final RefresherClientAuthKeyProvider _delegate;
  Future<RefreshAuthKeyResult>? _running;
  String? _refused;

  @override
  Future<String?> get authHeaderValue async {
    await refreshAuthKey();
    return _delegate.authHeaderValue;
  }

  @override
  Future<RefreshAuthKeyResult> refreshAuthKey({bool force = false}) =>
      _running ??= _refresh(force).whenComplete(() => _running = null);

  /// A key whose renewal the server refused is not tried again.
  Future<RefreshAuthKeyResult> _refresh(bool force) async {
    if (!force && _refused != null && _refused == await _delegate.authHeaderValue) {
      return RefreshAuthKeyResult.failedUnauthorized;
    }
    final result = await _delegate.refreshAuthKey(force: force);
    _refused = result == RefreshAuthKeyResult.failedUnauthorized ? await _delegate.authHeaderValue : null;
    return result;
  }
}
