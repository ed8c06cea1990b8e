# The table of people gets the columns of Serverpod's that Django keeps in another way.

from typing import Any

import podium.database.fields
from django.db import migrations, models


def copy_scopes(apps: Any, schema_editor: Any) -> None:
    """What accounts/scopes.py keeps in step from now on."""
    for user in apps.get_model("accounts", "User").objects.prefetch_related("groups").iterator(chunk_size=1000):
        names = {group.name for group in user.groups.all()} | ({"admin"} if user.is_superuser else set())
        if names:
            type(user).objects.filter(pk=user.pk).update(scope_names=names)


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_serverpod_auth_core'),
    ]

    operations = [
        migrations.AddField(
            model_name='user',
            name='is_blocked',
            field=models.GeneratedField(db_column='blocked', db_persist=True, expression=models.ExpressionWrapper(models.Q(('is_active', False)), output_field=models.BooleanField()), output_field=models.BooleanField()),
        ),
        migrations.AddField(
            model_name='user',
            name='scope_names',
            field=podium.database.fields.JSONField('Set<String>', db_column='scopeNames', default=set, editable=False),
        ),
        migrations.RunSQL(  # Django makes every generated column nullable
            'ALTER TABLE serverpod_auth_core_user ALTER COLUMN "blocked" SET NOT NULL',
            'ALTER TABLE serverpod_auth_core_user ALTER COLUMN "blocked" DROP NOT NULL',
        ),
        migrations.RunPython(copy_scopes, migrations.RunPython.noop, elidable=True),
    ]
