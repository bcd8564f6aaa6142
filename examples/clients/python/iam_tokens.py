# Connects with psycopg 3, and IAM tokens signed by boto3.
import os
import threading
import time

import boto3
import psycopg


class IamTokens:
    """Tokens for new connections to one host, since a token is good for no other. RDS does not throttle logins
    that repeat a token, but takes about 200 new ones a second."""

    # Seconds. A token is good for 15 minutes, and no longer than the credentials; boto3 renews these ten minutes before their end.
    LONGEST_USE = 540

    def __init__(self, host: str) -> None:
        self._host = host
        self._rds = boto3.client("rds", region_name=os.environ["AWS_REGION"])
        self._lock = threading.Lock()
        self._token = ""
        self._good_until = 0.0

    def get(self) -> str:
        with self._lock:  # one signing at a time
            if time.time() >= self._good_until:
                self._token = self._rds.generate_db_auth_token(
                    DBHostname=self._host,
                    Port=int(os.environ["PGPORT"]),
                    DBUsername=os.environ["PGUSER"],
                )
                self._good_until = time.time() + self.LONGEST_USE
            return self._token

    def drop(self) -> None:
        self._good_until = 0.0

    def connect(self, **options) -> psycopg.Connection:
        """A new connection. libpq reads PGPORT, PGDATABASE, PGUSER, PGSSLMODE and PGSSLROOTCERT by itself."""
        try:
            return psycopg.connect(host=self._host, password=self.get(), **options)
        except psycopg.OperationalError:
            self.drop()  # it may have been refused: the next connection gets one signed anew
            raise
