"""Modules that moved between versions, and the new name of a dotted name. Data for podium.upgrade.rewriting."""

from __future__ import annotations

from collections.abc import Iterator

INTO_PODIUM = frozenset(["core", "schema", "database", "endpoints", "rest", "codegen"])
"""Top-level packages of 0.1 that moved into `podium`."""
ROOTS = INTO_PODIUM | {"config", "accounts", "files"}
"""Top-level packages of 0.1 with modules that moved. `config` stays, as the project's own, and so do the apps."""


WIRE = """
    annotations bounds class_names codecs containers dynamic errors names objects ordered parse scalars texts types
    unreadable
"""
SERVER = "apps checks production failures headers limits nul outages pages web static templates"
DEV = "bootstrap commands mailbox mailbox_pages management places=paths runner services supervisor testing"
READS = "connecting statements pool queries"
ACCOUNTS = {
    "audit": "audit web_audit=pages",
    "data": "deletion erasure export consents merging",
    "notices": "notices new_device text_messages",
    "passwords": "passwords=rules hashers legacy_hashers",
    "profile": "profile pictures provider_pictures",
    "second_factor": """
        second_factor factors recovery_codes totp mfa_adapter=adapter second_factor_pages=pages
    """,
    "sessions": "tokens=sessions access_tokens refresh_tokens devices bearer web_sessions=browser",
    "sign_in": """
        sign_in anonymous email identities passkeys passkey_index methods ownership challenges reauthentication
    """,
    "staff": "operators=actions impersonation rights rights_audit scopes panels",
    "throttling": "limits=throttling human=captcha disposable",
    "web": """
        adapter account_urls=urls admin_login headless_urls method_pages pages pending stages sign_up reset_links
        web_proofs=proofs web_reauthentication=reauthentication
    """,
}
"""Folders of accounts to the modules that moved there; `old=new` where a module has another name."""
PROVIDERS = ("Apple", "Facebook", "Firebase", "GitHub", "Google", "Microsoft", "Oidc")
ACCOUNTS_ELSEWHERE = {
    "apple_pages": "providers.apple.pages",
    "admin.acts": "admin.staff_actions",
    "admin.devices": "admin.sessions",
    "admin.people": "admin.users",
    "admin.person": "admin.user_panels",
    "later": "jobs",
    "admin.scheduled": "admin.jobs",
    "admin.shown": "admin.display",
    "endpoints.own": "endpoints.account_sessions",
    "endpoints.own_data": "endpoints.account_data",
    "endpoints.own_second_factor": "endpoints.account_second_factor",
    "imports.people": "imports.users",
    "management.people": "management.users",
    "serverpod.people": "serverpod.users",
    "web_request": "requests",
    "endpoints.idp_social.refusing": "endpoints.idp_base.refusing",
    "providers.on_pages": "providers.registry",
    "providers.setups": "providers.provider",
    **{f"providers.{name.lower()}": f"providers.{name.lower()}.claims" for name in PROVIDERS},
    **{
        f"endpoints.idp_social.{name}IdpBaseEndpoint": f"providers.{name.lower()}.endpoints.{name}IdpBaseEndpoint"
        for name in PROVIDERS
    },
}


def _moved() -> Iterator[tuple[str, str]]:
    for old, new, names in (
        ("schema", "podium.wire", WIRE),
        ("config", "podium.server", SERVER),
        ("config", "podium.dev", DEV),
        ("database", "podium.reads", READS),
    ):
        yield from _into(old, new, names)
    for folder, names in ACCOUNTS.items():
        yield from _into("accounts", f"accounts.{folder}", names)
    for old, new in ACCOUNTS_ELSEWHERE.items():
        yield f"accounts.{old}", f"accounts.{new}"
    yield "codegen.visible", "podium.codegen.client_view"
    yield "schema.wire", "podium.wire.classes"
    yield "schema.world", "podium.schema.known_names"
    yield "database.asking", "podium.database.row_queries"
    yield "database.converting", "podium.database.autodetector"
    yield "database.passing_names", "podium.database.temporary_names"
    yield "database.reads", "podium.reads.fast"
    yield "accounts.human.NotHuman", "accounts.throttling.captcha.CaptchaFailed"
    yield "files.storage", "podium.core.storages"
    yield "files.s3", "podium.core.storages.s3.storage"
    yield "config.environment", "podium.core.environment"
    yield "config.all_apps", "tests.all_apps"


def _into(old: str, new: str, names: str) -> Iterator[tuple[str, str]]:
    for each in names.split():
        old_name, _, new_name = each.partition("=")
        yield f"{old}.{old_name}", f"{new}.{new_name or old_name}"


MOVED = dict(_moved())
"""Modules of 0.1 whose new name is not just `podium.` and the old one."""


def new_name(dotted: str) -> str | None:
    """The name in 0.2 of a module of 0.1 or of something in it; None if it did not move.

    new_name("schema.wire.register") == "podium.wire.classes.register"
    new_name("config.settings") is None
    """
    parts = dotted.split(".")
    for length in range(len(parts), 1, -1):
        head = ".".join(parts[:length])
        if head in MOVED:
            return ".".join([MOVED[head], *parts[length:]])
    return f"podium.{dotted}" if parts[0] in INTO_PODIUM else None
