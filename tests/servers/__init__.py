"""Real servers for tests: started by fixtures, on loopback, gone when pytest is gone."""
