"""Speed of the moderators' side: every list and form, with a real directory's rows beside."""
