"""How days and times are written for people, whatever a page forgets to say."""
