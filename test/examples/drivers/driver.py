"""For each line, a number, so many connections of the example that is named work at once."""

import asyncio
import importlib
import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor

folder, name = os.path.split(sys.argv[1].removesuffix(".py"))
sys.path.insert(0, folder)
QUERY = "SELECT session_user, pg_backend_pid()"


def by_engine(example):
    from sqlalchemy import text

    with example.engine.begin() as connection:
        return connection.execute(text(QUERY)).one()


def by_pool(pool):
    with pool.connection() as connection:
        return connection.execute(QUERY).fetchone()


def by_django():
    from django.db import connection

    try:
        with connection.cursor() as cursor:
            cursor.execute(QUERY)
            return cursor.fetchone()
    finally:
        connection.close()


def answer(row):
    try:
        user, session = row()
        return {"user": user, "session": session}
    except Exception as error:
        return {"error": repr(error)}


def by_threads(row):
    with ThreadPoolExecutor() as threads:
        for line in sys.stdin:
            answers = threads.map(answer, [row] * int(line))
            print(json.dumps(list(answers)), flush=True)


async def by_tasks(example):
    pool = await example.open_pool()

    async def one():
        try:
            user, session = await pool.fetchrow(QUERY)
            return {"user": user, "session": session}
        except Exception as error:
            return {"error": repr(error)}

    while line := await asyncio.to_thread(sys.stdin.readline):
        answers = await asyncio.gather(*[one() for _ in range(int(line))])
        print(json.dumps(answers), flush=True)


if name == "django_settings":
    os.environ["DJANGO_SETTINGS_MODULE"] = name
    by_threads(by_django)
else:
    example = importlib.import_module(name)
    if name == "asyncpg_pool":
        asyncio.run(by_tasks(example))
    elif name == "engine":
        by_threads(lambda: by_engine(example))
    else:
        pool = example.open_pool()
        by_threads(lambda: by_pool(pool))
