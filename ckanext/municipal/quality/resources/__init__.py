"""Files of resources: read after each upload or change, and what was found told to their publishers."""
