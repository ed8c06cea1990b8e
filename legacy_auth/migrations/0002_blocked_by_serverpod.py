"""Block the account of a user whom Serverpod blocks in its table.

Only that way: Serverpod may write a row that it read before the user was blocked here.
"""

from django.db import migrations

MAKE = """
CREATE OR REPLACE FUNCTION legacy_auth_user_blocked() RETURNS trigger LANGUAGE plpgsql AS $function$
BEGIN
    UPDATE serverpod_auth_core_user SET is_active = false WHERE is_active AND id IN
        (SELECT "newAuthUserId" FROM serverpod_auth_migration_migrated_user WHERE "oldUserId" = NEW.id);
    RETURN NULL;
END $function$;

CREATE TRIGGER legacy_auth_user_blocked AFTER UPDATE OF blocked ON serverpod_user_info
    FOR EACH ROW WHEN (NEW.blocked AND NOT OLD.blocked) EXECUTE FUNCTION legacy_auth_user_blocked();
"""
DROP = """
DROP TRIGGER legacy_auth_user_blocked ON serverpod_user_info;
DROP FUNCTION legacy_auth_user_blocked();
"""


class Migration(migrations.Migration):
    dependencies = [("legacy_auth", "0001_initial")]

    operations = [migrations.RunSQL(MAKE, DROP)]
