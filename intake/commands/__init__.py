"""What each command does: reads its arguments, calls one room, prints."""
