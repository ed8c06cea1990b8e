// Requests and answers. Texts with bytes are base64url without padding.

class RegisterRequestType {
  const RegisterRequestType({
    required this.challenge,
    required this.relyingParty,
    required this.user,
    required this.excludeCredentials,
    this.authSelectionType,
    this.pubKeyCredParams,
    this.timeout,
    this.attestation,
  });

  final String challenge;
  final RelyingPartyType relyingParty;
  final UserType user;
  final List<CredentialType> excludeCredentials;
  final AuthenticatorSelectionType? authSelectionType;
  final List<PubKeyCredParamType>? pubKeyCredParams;
  final int? timeout;
  final String? attestation;
}

class RelyingPartyType {
  const RelyingPartyType({required this.name, required this.id});

  final String name;
  final String id;
}

class UserType {
  const UserType({required this.displayName, required this.name, required this.id});

  final String displayName;
  final String name;
  final String id;
}

class AuthenticatorSelectionType {
  AuthenticatorSelectionType({
    required this.requireResidentKey,
    required this.residentKey,
    required this.userVerification,
    this.authenticatorAttachment,
  });

  final String? authenticatorAttachment;
  final bool requireResidentKey;
  final String residentKey;
  final String userVerification;
}

class PubKeyCredParamType {
  PubKeyCredParamType({required this.type, required this.alg});

  final String type;
  final int alg;
}

class CredentialType {
  CredentialType({required this.type, required this.id, required this.transports});

  final String type;
  final String id;
  final List<String> transports;
}

class RegisterResponseType {
  const RegisterResponseType({
    required this.id,
    required this.rawId,
    required this.clientDataJSON,
    required this.attestationObject,
    required this.transports,
  });

  final String id;
  final String rawId;
  final String clientDataJSON;
  final String attestationObject;
  final List<String?> transports;
}

enum MediationType { Silent, Optional, Required, Conditional }

class AuthenticateRequestType {
  const AuthenticateRequestType({
    required this.relyingPartyId,
    required this.challenge,
    required this.mediation,
    required this.preferImmediatelyAvailableCredentials,
    this.timeout,
    this.userVerification,
    this.allowCredentials,
  });

  final String relyingPartyId;
  final String challenge;
  final MediationType mediation;
  final bool preferImmediatelyAvailableCredentials;
  final int? timeout;
  final String? userVerification;
  final List<CredentialType>? allowCredentials;
}

class AuthenticateResponseType {
  const AuthenticateResponseType({
    required this.id,
    required this.rawId,
    required this.clientDataJSON,
    required this.authenticatorData,
    required this.signature,
    required this.userHandle,
  });

  final String id;
  final String rawId;
  final String clientDataJSON;
  final String authenticatorData;
  final String signature;
  final String userHandle;
}
