"""What this site adds to Pelican, and the server for the one who writes. One module or package per plugin."""
