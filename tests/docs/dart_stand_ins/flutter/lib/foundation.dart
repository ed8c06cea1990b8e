// Listenables and callbacks.

typedef VoidCallback = void Function();
typedef ValueChanged<T> = void Function(T value);

abstract class Key {}

abstract class Listenable {
  void addListener(VoidCallback listener);
  void removeListener(VoidCallback listener);
}

abstract class ValueListenable<T> extends Listenable {
  T get value;
}

mixin class ChangeNotifier implements Listenable {
  @override
  void addListener(VoidCallback listener) => throw UnimplementedError();

  @override
  void removeListener(VoidCallback listener) => throw UnimplementedError();

  void dispose() => throw UnimplementedError();
}
