"""Sign-in with other providers: one file each, which makes Claims of what an app brings. No endpoints here."""
