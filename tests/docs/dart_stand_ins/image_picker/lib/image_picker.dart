// Pictures of the gallery and the camera.
import 'dart:typed_data';

enum ImageSource { camera, gallery }

class ImagePicker {
  Future<XFile?> pickImage({
    required ImageSource source,
    double? maxWidth,
    double? maxHeight,
    int? imageQuality,
  }) => throw UnimplementedError();
}

class XFile {
  XFile(String path);

  String? get mimeType => throw UnimplementedError();

  String get name => throw UnimplementedError();

  Future<Uint8List> readAsBytes() => throw UnimplementedError();
}
