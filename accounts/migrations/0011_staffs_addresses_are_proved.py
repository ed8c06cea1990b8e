"""Confirm addresses that staff got in the admin or a shell, and that allauth's pages later stored as not confirmed.

A sign-up stores its address as the primary one; these addresses are not primary. A user can no longer sign in with an
address that is not confirmed, so without this migration an administrator could be locked out.
"""

from django.db import migrations
from django.db.models import F


def confirm(apps, schema_editor):
    addresses = apps.get_model("account", "EmailAddress").objects
    confirmed = addresses.filter(verified=True).values("email")
    given = addresses.filter(user__is_staff=True, email=F("user__email"), verified=False, primary=False)
    for row in given.exclude(email__in=confirmed):
        row.verified = True
        row.primary = not addresses.filter(user=row.user_id, primary=True).exists()
        row.save(update_fields=["verified", "primary"])


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0010_challenge_digest_length"),
        ("account", "0009_emailaddress_unique_primary_email"),
    ]

    operations = [migrations.RunPython(confirm, migrations.RunPython.noop)]
