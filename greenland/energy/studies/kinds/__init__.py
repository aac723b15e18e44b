"""One module for each kind of study: which cases it asks for, and what they say together."""
