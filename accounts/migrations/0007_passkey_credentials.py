from django.db import migrations


class Migration(migrations.Migration):
    """A passkey belongs to one person, and is found by its credential's id. allauth's model has no index for that."""

    dependencies = [
        ("accounts", "0006_consents"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]

    operations = [
        migrations.RunSQL(
            """
            CREATE UNIQUE INDEX accounts_passkey_credential
            ON mfa_authenticator ((data #> '{credential,rawId}')) WHERE type = 'webauthn'
            """,
            "DROP INDEX accounts_passkey_credential",
        ),
    ]
