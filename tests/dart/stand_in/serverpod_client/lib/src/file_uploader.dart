// Uploads: sends a file to the address in the server's description.
import 'dart:convert';
import 'dart:io';
import 'dart:typed_data';

class FileUploader {
  FileUploader(String uploadDescription) : _description = jsonDecode(uploadDescription) as Map<String, dynamic>;

  final Map<String, dynamic> _description;

  Future<bool> uploadByteData(ByteData byteData) =>
      upload(Stream.value(Uint8List.sublistView(byteData)), byteData.lengthInBytes);

  Future<bool> upload(Stream<List<int>> stream, [int? length]) async {
    if (_description['type'] != 'binary') throw UnsupportedError('the stand-in has no multipart uploads');
    final http = HttpClient();
    try {
      final address = Uri.parse(_description['url'] as String);
      final request = await http.openUrl(_description['method'] as String? ?? 'POST', address);
      request.headers.contentType = ContentType.binary;
      (_description['headers'] as Map? ?? {}).forEach((name, value) => request.headers.set('$name', '$value'));
      request.contentLength = length ?? -1;
      await request.addStream(stream);
      final response = await request.close();
      await response.drain<void>();
      return response.statusCode == 200 || response.statusCode == 204;
    } on IOException {
      return false;
    } finally {
      http.close();
    }
  }
}
