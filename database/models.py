"""No tables: that this module exists makes Django tell the app when migrations run (database.prepare)."""
