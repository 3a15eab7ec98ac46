"""What each person has to do."""
