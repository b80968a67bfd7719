"""sqlite_run.py FILE SQL: runs statements and prints the rows of the last one, values separated by |."""

import sqlite3
import sys

connection = sqlite3.connect(sys.argv[1], timeout=20, isolation_level=None)
rows = []
for statement in filter(str.strip, sys.argv[2].split(";")):
    rows = connection.execute(statement).fetchall()
for row in rows:
    print("|".join("" if value is None else str(value) for value in row))
