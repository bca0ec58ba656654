"""The pages on which a school is set up, one file for each kind of page."""
