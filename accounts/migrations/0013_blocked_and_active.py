"""Keep `blocked`, which Serverpod writes, equal to `not is_active`, which Django writes."""

from django.db import migrations

MAKE = """
CREATE OR REPLACE FUNCTION accounts_user_blocked() RETURNS trigger LANGUAGE plpgsql AS $function$
BEGIN
    IF TG_OP = 'INSERT' THEN  -- each server gives one of the two, and the other has its default
        NEW.blocked := NEW.blocked OR NOT NEW.is_active;
    ELSIF NEW.is_active <> OLD.is_active THEN
        NEW.blocked := NOT NEW.is_active;
    END IF;
    NEW.is_active := NOT NEW.blocked;
    RETURN NEW;
END $function$;

CREATE TRIGGER accounts_user_blocked BEFORE INSERT OR UPDATE OF is_active, blocked
    ON serverpod_auth_core_user FOR EACH ROW EXECUTE FUNCTION accounts_user_blocked();

UPDATE serverpod_auth_core_user SET blocked = blocked WHERE blocked = is_active;
"""
DROP = """
DROP TRIGGER accounts_user_blocked ON serverpod_auth_core_user;
DROP FUNCTION accounts_user_blocked();
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0012_serverpod_side_by_side")]

    operations = [migrations.RunSQL(MAKE, DROP)]
