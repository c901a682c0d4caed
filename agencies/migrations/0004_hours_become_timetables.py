from django.db import migrations

MOVE = """
INSERT INTO agencies_timetable (hall_id, level, name, is_closed)
SELECT DISTINCT hall_id, 'hall', 'Jam biasa', false FROM agencies_openinghours;
INSERT INTO agencies_window (timetable_id, weekday, opens_at, last_issue_at, closes_at)
SELECT t.id, h.weekday, h.opens_at, h.last_issue_at, h.closes_at
FROM agencies_openinghours h JOIN agencies_timetable t ON t.hall_id = h.hall_id;
DELETE FROM agencies_openinghours;
"""
BACK = """
INSERT INTO agencies_openinghours (hall_id, weekday, opens_at, last_issue_at, closes_at)
SELECT t.hall_id, w.weekday, min(w.opens_at), max(w.last_issue_at), max(w.closes_at)
FROM agencies_window w JOIN agencies_timetable t ON t.id = w.timetable_id
WHERE t.level = 'hall' AND t.first_date IS NULL AND t.last_date IS NULL AND w.weekday IS NOT NULL
GROUP BY t.hall_id, w.weekday;
DELETE FROM agencies_window;
DELETE FROM agencies_timetable_services;
DELETE FROM agencies_timetable;
"""


class Migration(migrations.Migration):
    """Each hall's opening hours become its usual timetable; going back, breaks are forgotten."""

    dependencies = [("agencies", "0004_calendar")]

    operations = [migrations.RunSQL(MOVE, BACK)]
