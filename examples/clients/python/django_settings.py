# Settings of Django 5.1 or later with IAM tokens: pip install boto3 django "psycopg[binary,pool]"
#
# Django's pool makes its connections by the class that pool.py has: that one gives each a token. Up to five connections for each
# process, for up to ten minutes; libpq reads PGHOST, PGSSLMODE=verify-full and the rest by itself. After a failover: each is looked
# at before it is given away, and none is opened to what is a reader now.
#
# What it does not do: work without the pool: PASSWORD is one string, and a token is good for 15 minutes. `manage.py migrate`
# is for a service of its own, that owns the schema.
import os

from pool import IamConnection

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": os.environ["PGDATABASE"],
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "target_session_attrs": "read-write",
            "pool": {
                "connection_class": IamConnection,
                "min_size": 1,
                "max_size": 5,
                "max_lifetime": 600,  # seconds
                "timeout": 5,
            },
        },
    }
}
USE_TZ = True
