# SQLAlchemy with IAM tokens: pip install boto3 "psycopg[binary]" sqlalchemy
#
# Up to five connections for up to ten minutes, each made by IamTokens, which verifies the server, and drops a token that was refused.
# After a failover: a connection that broke is replaced before it is given away, and none is opened to what is a reader now.
#
# What it does not do: repeat what was running when its connection broke (OperationalError): begin the transaction again, if it may
# be. With asyncio, give create_async_engine an `async_creator` that awaits psycopg.AsyncConnection.connect.
import os

from sqlalchemy import create_engine, text

from iam_tokens import IamTokens

tokens = IamTokens(os.environ["PGHOST"])

engine = create_engine(
    "postgresql+psycopg://",
    creator=lambda: tokens.connect(target_session_attrs="read-write", connect_timeout=5),
    pool_size=5,
    max_overflow=0,
    pool_recycle=600,  # seconds
    pool_pre_ping=True,
    pool_timeout=5,
)

if __name__ == "__main__":
    with engine.begin() as connection:
        print(*connection.execute(text("SELECT session_user, pg_backend_pid()")).one())
