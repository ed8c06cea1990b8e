"""No tables. This module makes Django send the app its signals about migrations (podium.database.prepare)."""
