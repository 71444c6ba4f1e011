"""``/api/v1/``: parse, check permission, call one action or query, render. `base.StaffViewSet` holds its settings."""
