import 'dart:typed_data';

/// A value that breaks a rule of its field.
class FieldFault {
  const FieldFault(this.field, this.rule, this.message);

  /// The field's name on the wire, as in the server's answers.
  final String field;

  /// The name of the rule: length, range, pattern, email or url.
  final String rule;

  /// A sentence in English. In another language, choose one by [field] or
  /// [rule].
  final String message;

  @override
  String toString() => '$field: $message';
}

/// The rules for the values of one field, from its model file.
class FieldValidation<T extends Object> {
  const FieldValidation(this.field, this.rules);

  /// The field's name on the wire.
  final String field;

  final List<FieldRule> rules;

  /// The first rule that the value breaks. Null breaks none.
  FieldFault? fault(T? value) {
    if (value == null) return null;
    for (final rule in rules) {
      if (!rule.accepts(value)) {
        return FieldFault(field, rule.name, rule.message);
      }
    }
    return null;
  }

  /// The message for a form, e.g. as the validator of a TextFormField; null if
  /// the value is valid.
  String? message(T? value) => fault(value)?.message;

  /// The limits of length: characters (code points), items or bytes.
  int? get minLength => _first<LengthRule>()?.min;
  int? get maxLength => _first<LengthRule>()?.max;

  /// The limits of range.
  num? get min => _first<RangeRule>()?.min;
  num? get max => _first<RangeRule>()?.max;

  R? _first<R extends FieldRule>() => rules.whereType<R>().firstOrNull;
}

/// One rule, with the message for values that break it.
sealed class FieldRule {
  const FieldRule(this.name, this.message);

  final String name;
  final String message;

  /// Whether a value of the field's type obeys the rule.
  bool accepts(Object value);
}

/// The number of characters (code points), items or bytes.
class LengthRule extends FieldRule {
  const LengthRule(String message, {this.min, this.max})
    : super('length', message);

  final int? min;
  final int? max;

  @override
  bool accepts(Object value) {
    final count = switch (value) {
      String() => value.runes.length,
      ByteData() => value.lengthInBytes,
      _ => (value as Iterable<Object?>).length,
    };
    return count >= (min ?? 0) && (max == null || count <= max!);
  }
}

/// A number between two others, both included; never NaN.
class RangeRule extends FieldRule {
  const RangeRule(String message, {this.min, this.max})
    : super('range', message);

  final num? min;
  final num? max;

  @override
  bool accepts(Object value) =>
      value is num &&
      !value.isNaN &&
      (min == null || value >= min!) &&
      (max == null || value <= max!);
}

/// The form of a text: pattern, email or url.
class FormRule extends FieldRule {
  const FormRule(super.name, super.message, this.pattern);

  final String pattern;

  @override
  bool accepts(Object value) =>
      RegExp(pattern, unicode: true).hasMatch(value as String);
}
