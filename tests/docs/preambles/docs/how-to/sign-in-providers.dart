export '../../any_page.dart';

late String code, verifier, idToken, nonce;
