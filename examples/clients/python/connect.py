# Connects to the writer, and to the readers where there are any.
# pip install -r requirements.txt
import os

from iam_tokens import IamTokens

for name in ("PGHOST", "PGHOST_READER"):
    if name not in os.environ:
        continue  # there are no readers
    with IamTokens(os.environ[name]).connect() as connection:
        user, database, reader = connection.execute(
            "SELECT session_user, current_database(), pg_is_in_recovery()"
        ).fetchone()
        print(f"connected to {'a reader of ' if reader else ''}{database} as {user}")
