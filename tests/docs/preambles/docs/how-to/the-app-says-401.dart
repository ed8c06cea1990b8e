export '../../any_page.dart';

void openSignInPage() => throw UnimplementedError();
