// Pages by their address.
import 'package:flutter/widgets.dart';

extension GoRouterHelper on BuildContext {
  void go(String location, {Object? extra}) => throw UnimplementedError();
}
