"""Rename the model Token to Session. Its table keeps its name, so that servers of both versions can run during a deploy."""

from django.conf import settings
from django.db import migrations, models


def _rename_permissions(old: str, new: str):
    """Rename the permissions too, so that groups keep what they may do."""

    def rename(apps, schema_editor):
        permissions = apps.get_model("auth", "Permission").objects.using(schema_editor.connection.alias)
        for each in permissions.filter(content_type__app_label="accounts", codename__endswith=f"_{old}"):
            verb = each.codename.removesuffix(f"_{old}")
            each.codename, each.name = f"{verb}_{new}", f"Can {verb} {new}"
            each.save(update_fields=["codename", "name"])

    return rename


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0013_blocked_and_active"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.AlterModelTable(name="token", table="accounts_token"),
        migrations.RenameModel(old_name="Token", new_name="Session"),
        migrations.AlterField(
            model_name="session",
            name="user",
            field=models.ForeignKey(
                on_delete=models.CASCADE, related_name="sessions", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AlterField(
            model_name="session",
            name="operator",
            field=models.ForeignKey(
                editable=False,
                help_text="The operator who acts as the user with this token, as long as they have the right to.",
                null=True,
                on_delete=models.CASCADE,
                related_name="issued_sessions",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RunPython(
            _rename_permissions("token", "session"),
            _rename_permissions("session", "token"),
        ),
    ]
