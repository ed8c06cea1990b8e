// Widgets without a design.
import 'foundation.dart';

export 'foundation.dart';

typedef WidgetBuilder = Widget Function(BuildContext context);
typedef AsyncWidgetBuilder<T> = Widget Function(BuildContext context, AsyncSnapshot<T> snapshot);
typedef ValueWidgetBuilder<T> = Widget Function(BuildContext context, T value, Widget? child);

void runApp(Widget app) => throw UnimplementedError();

abstract class WidgetsBinding {}

abstract class WidgetsFlutterBinding implements WidgetsBinding {
  static WidgetsBinding ensureInitialized() => throw UnimplementedError();
}

abstract class BuildContext {}

abstract class Widget {
  const Widget({this.key});

  final Key? key;
}

abstract class StatelessWidget extends Widget {
  const StatelessWidget({super.key});

  Widget build(BuildContext context);
}

abstract class StatefulWidget extends Widget {
  const StatefulWidget({super.key});

  State createState();
}

abstract class State<T extends StatefulWidget> {
  T get widget => throw UnimplementedError();

  BuildContext get context => throw UnimplementedError();

  bool get mounted => throw UnimplementedError();

  void setState(VoidCallback fn) => throw UnimplementedError();

  Widget build(BuildContext context);
}

class AsyncSnapshot<T> {
  T? get data => throw UnimplementedError();

  Object? get error => throw UnimplementedError();
}

class FutureBuilder<T> extends Widget {
  const FutureBuilder({super.key, required Future<T>? future, T? initialData, required AsyncWidgetBuilder<T> builder});
}

class StreamBuilder<T> extends Widget {
  const StreamBuilder({super.key, T? initialData, required Stream<T>? stream, required AsyncWidgetBuilder<T> builder});
}

class ValueListenableBuilder<T> extends Widget {
  const ValueListenableBuilder({
    super.key,
    required ValueListenable<T> valueListenable,
    required ValueWidgetBuilder<T> builder,
    Widget? child,
  });
}

class EdgeInsets {
  const EdgeInsets.all(double value);
}

class Padding extends Widget {
  const Padding({super.key, required EdgeInsets padding, Widget? child});
}

class Column extends Widget {
  const Column({super.key, List<Widget> children = const []});
}

class Expanded extends Widget {
  const Expanded({super.key, int flex = 1, required Widget child});
}

class ListView extends Widget {
  ListView({super.key, List<Widget> children = const []});
}

class GestureDetector extends Widget {
  const GestureDetector({super.key, Widget? child, VoidCallback? onTap});
}

class Text extends Widget {
  const Text(String data, {super.key});
}

class IconData {
  const IconData(int codePoint);
}

class Icon extends Widget {
  const Icon(IconData? icon, {super.key});
}

abstract class ImageProvider<T extends Object> {
  const ImageProvider();
}

class NetworkImage extends ImageProvider<NetworkImage> {
  const NetworkImage(String url, {double scale = 1.0, Map<String, String>? headers});
}

class TextEditingController extends ChangeNotifier {
  TextEditingController({String? text});

  String get text => throw UnimplementedError();
  set text(String newText) => throw UnimplementedError();

  void clear() => throw UnimplementedError();
}

abstract class Route<T> {}

class Navigator {
  static NavigatorState of(BuildContext context, {bool rootNavigator = false}) => throw UnimplementedError();
}

class NavigatorState {
  Future<T?> push<T extends Object?>(Route<T> route) => throw UnimplementedError();
}
