from django.db import migrations

REFUSE = """
CREATE FUNCTION refuse_event_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'events are never changed' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER events_are_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE
    ON queueing_ticketevent FOR EACH STATEMENT EXECUTE FUNCTION refuse_event_change();
"""
ALLOW = """
DROP TRIGGER events_are_never_changed ON queueing_ticketevent;
DROP FUNCTION refuse_event_change();
"""


class Migration(migrations.Migration):
    dependencies = [("queueing", "0001_the_day"), ("agencies", "0002_clock")]

    operations = [migrations.RunSQL(REFUSE, ALLOW)]
