"""What is claimed about speed and memory, runnable: `python -m bench`."""
