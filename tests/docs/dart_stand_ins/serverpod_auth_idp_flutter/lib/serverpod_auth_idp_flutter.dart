// Widgets that sign users in, and their controllers.
import 'package:flutter/widgets.dart';
import 'package:serverpod_client/serverpod_client.dart';

export 'package:serverpod_auth_core_flutter/serverpod_auth_core_flutter.dart';

class SignInWidget extends Widget {
  const SignInWidget({
    required ServerpodClientShared client,
    VoidCallback? onAuthenticated,
    Function(Object error)? onError,
    super.key,
  });
}

class EmailSignInWidget extends Widget {
  const EmailSignInWidget({
    EmailAuthController? controller,
    ServerpodClientShared? client,
    VoidCallback? onAuthenticated,
    Function(Object error)? onError,
    super.key,
  });
}

class EmailAuthController extends ChangeNotifier {
  EmailAuthController({
    required ServerpodClientShared client,
    VoidCallback? onAuthenticated,
    Function(Object error)? onError,
  });

  Object? get error => throw UnimplementedError();
}
