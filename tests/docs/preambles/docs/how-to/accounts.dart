import 'package:flutter/widgets.dart';

export 'package:go_router/go_router.dart';
export 'package:notes_client/notes_client.dart';
export 'package:serverpod_auth_core_flutter/serverpod_auth_core_flutter.dart';
export 'package:serverpod_auth_idp_flutter/serverpod_auth_idp_flutter.dart';

late BuildContext context;
