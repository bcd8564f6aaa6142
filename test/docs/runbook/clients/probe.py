# Connects with psycopg and runs statements one by one; `rest` waits. What goes wrong is left to Python to print.
import sys
import time

import psycopg

with psycopg.connect(autocommit=True) as connection:
    for statement in sys.argv[1:]:
        if statement == "rest":
            time.sleep(1)
        else:
            connection.execute(statement)
