from django.db import migrations

from accounts.sign_in.passkey_index import ONE_USER_EACH


class AddConstraint(migrations.AddConstraint):
    """To allauth's model: Django runs an operation on the app of its migration only."""

    def state_forwards(self, app_label, state):
        super().state_forwards("mfa", state)

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        super().database_forwards("mfa", schema_editor, from_state, to_state)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        super().database_backwards("mfa", schema_editor, from_state, to_state)


class Migration(migrations.Migration):

    dependencies = [
        ("accounts", "0006_consents"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]

    operations = [AddConstraint("authenticator", ONE_USER_EACH)]
