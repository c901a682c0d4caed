from django.db import migrations


class Migration(migrations.Migration):
    """The one clock of the hall: everything that asks for the time asks `hall_now()`."""

    dependencies = [("agencies", "0001_the_hall")]

    operations = [
        migrations.RunSQL(
            "CREATE FUNCTION hall_now() RETURNS timestamptz LANGUAGE sql VOLATILE"
            " AS 'SELECT clock_timestamp()'",
            "DROP FUNCTION hall_now()",
        ),
    ]
