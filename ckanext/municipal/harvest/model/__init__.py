"""Tables of harvesting beside ckanext-harvest's own, and every SQL statement on both."""
