"""Healthy when no promise is overdue: the clock moves due rows every second. Used by docker-compose.yml.

PostgreSQL only. It asks what the clock is for, not whether a process is there.
"""

import os
import sys
from pathlib import Path

import psycopg

OVERDUE = """
    SELECT count(*) FROM promises
    WHERE status = 'pending' AND due_at < clock_timestamp() - interval '5 minutes'
"""


def main() -> int:
    url = Path(os.environ["FRONTDOOR_DATABASE_URL_FILE"]).read_text("utf-8").strip()
    with psycopg.connect(url.replace("+psycopg", "", 1), connect_timeout=5) as connection:
        row = connection.execute(OVERDUE).fetchone()
    overdue = row[0] if row else 0
    if overdue:
        print(f"{overdue} promises are overdue", file=sys.stderr)
    return 1 if overdue else 0


if __name__ == "__main__":
    sys.exit(main())
