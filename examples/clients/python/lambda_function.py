# A Lambda function. What is outside of the handler is made once for each execution environment and kept between invocations.
import os
import time

from iam_tokens import IamTokens

tokens = IamTokens(os.environ["PGHOST"])
connection = None
last_use = 0.0

# Seconds. After a longer rest the connection may be gone, which nobody hears of while the environment is frozen.
LONGEST_REST = 60


def handler(event, context):
    global connection, last_use
    if connection and time.time() - last_use > LONGEST_REST:
        connection.close()
    if not connection or connection.closed:
        connection = tokens.connect(autocommit=True, connect_timeout=5)
    try:
        user, database, session = connection.execute(
            "SELECT session_user, current_database(), pg_backend_pid()"
        ).fetchone()
        return {"user": user, "database": database, "session": session}
    finally:
        last_use = time.time()
