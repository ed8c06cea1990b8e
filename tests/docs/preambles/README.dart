import 'package:example_client/example_client.dart';

/// The one of clients/dart/test/tour_test.dart.
abstract class Token implements ClientAuthKeyProvider {
  String? token;
}

late Token token;
