# A pool of psycopg with IAM tokens: pip install boto3 "psycopg[binary,pool]"
#
# Up to five connections for up to ten minutes; libpq reads PGHOST, PGSSLMODE=verify-full and the rest by itself. After a failover:
# each is looked at before it is given away, and none is opened to what is a reader now.
#
# What it does not do: say why no connection can be made. That is a warning in its log; whoever waits gets PoolTimeout, and the
# pool tries again with growing pauses. A query that was running when its connection broke fails, and is yours to repeat.
import os

import psycopg
from psycopg_pool import ConnectionPool

from iam_tokens import IamTokens

tokens = IamTokens(os.environ["PGHOST"])


class IamConnection(psycopg.Connection):
    @classmethod
    def connect(cls, conninfo="", **options):
        try:
            return super().connect(conninfo, **{**options, "password": tokens.get()})
        except psycopg.OperationalError:
            tokens.drop()  # it may have been refused: the next connection gets one signed anew
            raise


def open_pool() -> ConnectionPool:
    return ConnectionPool(
        connection_class=IamConnection,
        kwargs={"target_session_attrs": "read-write"},
        check=ConnectionPool.check_connection,
        min_size=1,
        max_size=5,
        max_lifetime=600,  # seconds, up to a twentieth less
        timeout=5,
        open=True,
    )


if __name__ == "__main__":
    with open_pool() as pool, pool.connection() as connection:
        print(*connection.execute("SELECT session_user, pg_backend_pid()").fetchone())
