import 'package:flutter/foundation.dart';

export '../../any_page.dart';
export 'package:image_picker/image_picker.dart';
export 'package:serverpod_auth_core_client/serverpod_auth_core_client.dart' show ProfileException;

/// Of the widget's state.
void setState(VoidCallback fn) => throw UnimplementedError();

Uri? imageUrl;

void showMessage(String message) => throw UnimplementedError();

late String typed, code;
