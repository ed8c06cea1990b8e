"""Plain English in labels and help texts. No change in the database."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0014_session"),
    ]

    operations = [
        migrations.AlterField(
            model_name="consent",
            name="address",
            field=models.CharField(
                blank=True, help_text="The caller's address.", max_length=45, verbose_name="network address"
            ),
        ),
        migrations.AlterField(
            model_name="consent",
            name="document",
            field=models.CharField(help_text='Such as "terms" or "newsletter".', max_length=80),
        ),
        migrations.AlterField(
            model_name="consent",
            name="withdrawn_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="withdrawn"),
        ),
        migrations.AlterField(
            model_name="securityevent",
            name="event",
            field=models.CharField(help_text='Such as "signed_in" or "password_wrong".', max_length=40),
        ),
        migrations.AlterField(
            model_name="session",
            name="method",
            field=models.CharField(
                blank=True, help_text='Such as "email".', max_length=40, verbose_name="sign-in method"
            ),
        ),
        migrations.AlterField(
            model_name="session",
            name="operator",
            field=models.ForeignKey(
                editable=False,
                help_text="The operator who acts as the user with this token, while they have the right to do so.",
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="issued_sessions",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="session",
            name="user_agent",
            field=models.CharField(
                blank=True, help_text="As reported by the client.", max_length=300, verbose_name="device"
            ),
        ),
        migrations.AlterField(
            model_name="user",
            name="is_active",
            field=models.BooleanField(
                db_default=True,
                default=True,
                help_text="If unset, the user is blocked: signed out, and unable to sign in.",
                verbose_name="active",
            ),
        ),
    ]
