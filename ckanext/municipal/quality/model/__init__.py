"""The tables of metadata quality in CKAN's database: the only place of SQL in this room."""
