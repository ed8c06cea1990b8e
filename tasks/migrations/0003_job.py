"""Rename the model ScheduledCall to Job. Its table keeps its name, so that servers of both versions can run during a deploy."""

from django.db import migrations


def _rename_permissions(old: str, new: str):
    """Rename the permissions too, so that groups keep what they may do."""

    def rename(apps, schema_editor):
        permissions = apps.get_model("auth", "Permission").objects.using(schema_editor.connection.alias)
        for each in permissions.filter(content_type__app_label="tasks", codename__endswith=f"_{old}"):
            verb = each.codename.removesuffix(f"_{old}")
            each.codename, each.name = f"{verb}_{new}", f"Can {verb} {new}"
            each.save(update_fields=["codename", "name"])

    return rename


class Migration(migrations.Migration):
    dependencies = [
        ("tasks", "0002_deaths_reasons_and_slots"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.AlterModelTable(name="scheduledcall", table="tasks_scheduledcall"),
        migrations.RenameModel(old_name="ScheduledCall", new_name="Job"),
        migrations.RunPython(
            _rename_permissions("scheduledcall", "job"),
            _rename_permissions("job", "scheduledcall"),
        ),
    ]
