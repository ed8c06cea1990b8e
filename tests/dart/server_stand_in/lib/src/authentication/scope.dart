/// A scope; the tests use only its name.
class Scope {
  const Scope(this.name);

  final String name;

  static const admin = Scope('serverpod.admin');
}
