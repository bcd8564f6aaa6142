# Connects with psycopg 3, and an IAM token signed by boto3.
# pip install -r requirements.txt
import os

import boto3
import psycopg

rds = boto3.client("rds", region_name=os.environ["AWS_REGION"])


def connect() -> psycopg.Connection:
    """A new connection. A token is checked only when connecting, so each connection gets a fresh one.

    libpq reads PGHOST, PGPORT, PGDATABASE, PGUSER, PGSSLMODE and PGSSLROOTCERT by itself.
    """
    token = rds.generate_db_auth_token(
        DBHostname=os.environ["PGHOST"],
        Port=int(os.environ["PGPORT"]),
        DBUsername=os.environ["PGUSER"],
    )
    return psycopg.connect(password=token)


with connect() as connection:
    user, database = connection.execute("SELECT session_user, current_database()").fetchone()
    print(f"connected to {database} as {user}")
