// Widgets of Material Design.
import 'widgets.dart';

export 'widgets.dart';

class MaterialApp extends Widget {
  const MaterialApp({super.key, Widget? home, String? title});
}

class MaterialPageRoute<T> extends Route<T> {
  MaterialPageRoute({required WidgetBuilder builder});
}

class Scaffold extends Widget {
  const Scaffold({super.key, AppBar? appBar, Widget? body});
}

class AppBar extends Widget {
  AppBar({super.key, Widget? title, List<Widget>? actions});
}

class InputDecoration {
  const InputDecoration({String? labelText});
}

class TextField extends Widget {
  const TextField({
    super.key,
    TextEditingController? controller,
    InputDecoration? decoration = const InputDecoration(),
    bool obscureText = false,
    ValueChanged<String>? onSubmitted,
  });
}

class TextFormField extends Widget {
  TextFormField({
    super.key,
    TextEditingController? controller,
    int? maxLength,
    String? Function(String?)? validator,
  });
}

class FilledButton extends Widget {
  const FilledButton({super.key, required VoidCallback? onPressed, required Widget? child});
}

class TextButton extends Widget {
  const TextButton({super.key, required VoidCallback? onPressed, required Widget child});
}

class IconButton extends Widget {
  const IconButton({super.key, required VoidCallback? onPressed, required Widget icon});
}

class Checkbox extends Widget {
  const Checkbox({super.key, required bool? value, required ValueChanged<bool?>? onChanged});
}

class ListTile extends Widget {
  const ListTile({super.key, Widget? leading, Widget? title, Widget? subtitle, Widget? trailing});
}

class CheckboxListTile extends Widget {
  const CheckboxListTile({
    super.key,
    required bool? value,
    required ValueChanged<bool?>? onChanged,
    Widget? title,
    Widget? subtitle,
  });
}

class CircleAvatar extends Widget {
  const CircleAvatar({super.key, Widget? child, ImageProvider? foregroundImage});
}

abstract final class Icons {
  static const leaderboard = IconData(0);
  static const add_a_photo = IconData(1);
  static const person = IconData(2);
}

class TimeOfDay {
  const TimeOfDay({required this.hour, required this.minute});

  final int hour;
  final int minute;
}

Future<TimeOfDay?> showTimePicker({
  required BuildContext context,
  required TimeOfDay initialTime,
  String? cancelText,
}) => throw UnimplementedError();
