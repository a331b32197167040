"""Files to checked frozen values and back; knows no chemistry."""
