#!/bin/sh
# Run once by PostgreSQL's image when its volume is empty: the two roles and the two databases of the portal.
set -eu
psql -v ON_ERROR_STOP=1 -U postgres -v ckan="$CKAN_PASSWORD" -v reader="$READER_PASSWORD" <<'SQL'
CREATE ROLE ckan LOGIN PASSWORD :'ckan';
CREATE ROLE datastore_reader LOGIN PASSWORD :'reader';
CREATE DATABASE ckan OWNER ckan TEMPLATE template0 ENCODING 'UTF8';
CREATE DATABASE datastore OWNER ckan TEMPLATE template0 ENCODING 'UTF8';
REVOKE ALL ON DATABASE ckan, datastore FROM PUBLIC;
SQL
