// A stand-in for tests, written from the public API of serverpod_client. See ../../README.md.
export 'src/authentication.dart';
export 'src/calls.dart';
export 'src/exceptions.dart';
export 'src/file_uploader.dart';
export 'src/geographies.dart' hide geographyFromEwkt;
export 'src/json_extensions.dart';
export 'src/others.dart';
export 'src/serialization.dart';
export 'src/uuid.dart';
export 'src/vectors.dart';
