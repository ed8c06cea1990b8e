"""Permissions of staff to see what access rules answer. No change in the database's tables."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0016_api_keys"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="user",
            options={
                "permissions": [
                    ("impersonate_user", "Can act as a user for minutes"),
                    ("export_user", "Can download all data of a user"),
                    ("view_access", "Can see what the access rules answer"),
                    ("view_as_user", "Can see rows as a user sees them"),
                ]
            },
        ),
    ]
