"""The feeds' own tables in CKAN's database: the only place of SQL in this room."""
