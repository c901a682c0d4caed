"""Django's PostgreSQL, with fewer round trips for each press (docs/decisions/0008)."""
