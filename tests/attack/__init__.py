"""What somebody might do to the collector who wants to harm it or those who have signed up."""
