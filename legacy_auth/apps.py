from django.apps import AppConfig


class LegacyAuthConfig(AppConfig):
    name = "legacy_auth"
    verbose_name = "Legacy module serverpod_auth"
    automatic_admin = False  # its tables hold credentials

    def ready(self) -> None:
        from accounts.passwords import legacy_hashers
        from accounts.sessions import sessions
        from legacy_auth import keys, receivers  # noqa: F401  they make themselves known
        from legacy_auth.conf import conf

        sessions.other_keys.append(keys.KEYS)
        legacy_hashers.kept_if.append(lambda: conf.SIDE_BY_SIDE)
