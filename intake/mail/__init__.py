"""One message, pure: from bytes to what was sent, by whom, with which documents."""
