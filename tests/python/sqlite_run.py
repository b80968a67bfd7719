"""sqlite_run.py FILE SQL: runs statements and prints the rows of the last one, values separated by |."""

import sqlite3
import sys

connection = sqlite3.connect(sys.argv[1], timeout=20, isolation_level=None)
rows = []
statement = ""
for part in sys.argv[2].split(";"):
    statement += part + ";"
    # A trigger has semicolons of its own.
    if sqlite3.complete_statement(statement):
        if statement.strip("; \n"):
            rows = connection.execute(statement).fetchall()
        statement = ""
for row in rows:
    print("|".join("" if value is None else str(value) for value in row))
