"""A whole server: a fresh Debian below a folder, installed, published to, backed up and lost. ``make test-server`` runs it."""
