from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("agencies", "0004_hours_become_timetables")]

    operations = [migrations.DeleteModel(name="OpeningHours")]
