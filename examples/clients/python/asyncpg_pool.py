# asyncpg with IAM tokens: pip install asyncpg boto3 psycopg
#
# Up to five connections; asyncpg reads PGHOST, PGSSLMODE=verify-full, PGSSLROOTCERT and the rest by itself. After a failover: what
# broke is replaced before it is given away, and none is opened to what is a reader now.
#
# What it does not do: limit how long a connection lives. One that has rested for a minute is closed, and one after 1,000 queries:
# a busy one may keep what was taken away from its role for long. Through RDS Proxy add statement_cache_size=0: named statements pin.
import asyncio
import os

import asyncpg

from iam_tokens import IamTokens

tokens = IamTokens(os.environ["PGHOST"])


async def connect(*args, **options) -> asyncpg.Connection:
    try:
        # In a thread of its own, since boto3 may have to fetch credentials.
        return await asyncpg.connect(*args, **options, password=await asyncio.to_thread(tokens.get))
    except asyncpg.InvalidAuthorizationSpecificationError:
        tokens.drop()  # the next connection gets one signed anew
        raise


async def open_pool() -> asyncpg.Pool:
    return await asyncpg.create_pool(
        connect=connect,
        target_session_attrs="read-write",
        min_size=0,
        max_size=5,
        max_inactive_connection_lifetime=60,
        max_queries=1_000,
        timeout=5,
    )


async def main() -> None:
    async with await open_pool() as pool:
        print(*await pool.fetchrow("SELECT session_user, pg_backend_pid()"))


if __name__ == "__main__":
    asyncio.run(main())
