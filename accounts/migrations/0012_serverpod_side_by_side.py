"""The table of users as a server of Serverpod can use it, too: its INSERT gives only the columns that it knows."""

from django.db import migrations, models

PLAIN = "ALTER TABLE serverpod_auth_core_user ALTER COLUMN blocked DROP EXPRESSION"
GENERATED = """
ALTER TABLE serverpod_auth_core_user DROP COLUMN blocked;
ALTER TABLE serverpod_auth_core_user ADD COLUMN blocked boolean NOT NULL GENERATED ALWAYS AS (NOT is_active) STORED;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0011_staffs_addresses_are_proved'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name='user',
                    name='is_blocked',
                    field=models.BooleanField(db_column='blocked', default=False, editable=False),
                ),
            ],
            database_operations=[migrations.RunSQL(PLAIN, GENERATED)],  # Django changes no generated column
        ),
        migrations.AlterField(
            model_name='user',
            name='is_active',
            field=models.BooleanField(db_default=True, default=True, help_text="Without this the person is blocked: signed out, and can't sign in.", verbose_name='active'),
        ),
        migrations.AlterField(
            model_name='user',
            name='is_staff',
            field=models.BooleanField(db_default=False, default=False, help_text='May open this admin.', verbose_name='staff'),
        ),
        migrations.AlterField(
            model_name='user',
            name='is_superuser',
            field=models.BooleanField(db_default=False, default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status'),
        ),
        migrations.AlterField(
            model_name='user',
            name='name',
            field=models.CharField(blank=True, db_default='', default='', help_text='As others see it.', max_length=150),
        ),
        migrations.AlterField(
            model_name='user',
            name='password',
            field=models.CharField(db_default='!', default='', max_length=128, verbose_name='password'),
        ),
    ]
