"""Logs what a Python program really sends to its stores, each statement with the project's frames that led to it.

A pytest plugin (`python -m pytest -p recorder`, this folder on PYTHONPATH), or a launcher for anything else
(`python recorder.py MODULE ARGUMENTS..`, as in `python recorder.py manage test`). Two variables steer it:

    SEAMLINE_ROOT   folder of the project; frames of files below it are kept (not those of a virtual environment)
    SEAMLINE_LOG    file to write: one JSON object a line, {"kind", "text", "effect", "frames", "through", "count", "changed"}

Hooks sit where drivers and mappers hand statements on: SQLAlchemy's cursor event, Django's cursor wrapper, Peewee's
`execute_sql`, sqlite3, psycopg, asyncpg and aiosqlite calls, PyMongo's command listener and mongomock's collections.
Nothing of the program is changed. Only the standard library is needed.

What SQLAlchemy's unit of work sends when it is flushed also has "changed": the stacks of whoever added, changed or deleted the
rows in question, which are often others than whoever asks next, and so sends what was left waiting.
"""

import atexit
import importlib
import json
import os
import sys
import threading

ROOT = os.path.realpath(os.environ.get("SEAMLINE_ROOT", os.getcwd()))
LOG = os.environ.get("SEAMLINE_LOG", "seamline-log.jsonl")
SEEN = {}
GUARD = threading.local()
OUTSIDE = ("site-packages", "dist-packages", "/.venv/", "/venv/")
PLACES = {}


def place(path):
    """Path below the root, or None for a file that is not the project's."""
    if path not in PLACES:
        real = os.path.realpath(path)
        # A name such as `<string>` is code that a library made at run time.
        own = not path.startswith("<") and real.startswith(ROOT + os.sep) and not any(part in real for part in OUTSIDE)
        PLACES[path] = os.path.relpath(real, ROOT) if own else None
    return PLACES[path]


def stack():
    """Project frames, innermost first, and the outside packages between the statement and the first of them."""
    frames, through = [], []
    frame = sys._getframe(2)
    switches = 0
    while True:
        while frame is not None:
            where = place(frame.f_code.co_filename)
            if where is not None:
                if not frames or frames[-1] != (where, frame.f_lineno):
                    frames.append((where, frame.f_lineno))
            elif not frames:
                module = frame.f_globals.get("__name__", "?")
                if not through or through[-1] != module:
                    through.append(module)
            frame = frame.f_back
        greenlet = sys.modules.get("greenlet")
        current = greenlet.getcurrent() if greenlet else None
        for _ in range(switches + 1):
            current = current.parent if current is not None else None
        switches += 1
        if current is None or current.gr_frame is None:
            return tuple(frames[:60]), tuple(through[:24])
        frame = current.gr_frame


def note(kind, text, effect=None):
    if getattr(GUARD, "busy", False):
        return
    frames, through = stack()
    if frames:
        changed = getattr(GUARD, "changed", ())
        key = (kind, text if isinstance(text, str) else str(text), effect, frames, through, changed)
        SEEN[key] = SEEN.get(key, 0) + 1
        if len(SEEN) >= 2000:
            write()


def wrap(owner, name, report):
    """Replaces a function by one that reports first; calls that it makes itself are not reported again."""
    inner = getattr(owner, name, None)
    if inner is None or getattr(inner, "__reported__", False):
        return

    def outer(*args, **keywords):
        try:
            report(*args, **keywords)
        except Exception as error:  # the program must run as without us
            print(f"recorder: {owner}.{name}: {error}", file=sys.stderr)
        before = getattr(GUARD, "busy", False)
        GUARD.busy = True
        try:
            return inner(*args, **keywords)
        finally:
            GUARD.busy = before

    outer.__reported__ = True
    outer.__name__ = name
    outer.__doc__ = getattr(inner, "__doc__", None)
    setattr(owner, name, outer)


def have(name):
    try:
        return importlib.import_module(name)
    except Exception:
        return None


def statement(*args, **keywords):
    text = args[1] if len(args) > 1 else keywords.get("query") or keywords.get("sql") or keywords.get("operation")
    if text is not None:
        note("sql", text.decode() if isinstance(text, bytes) else text)


def hook_sqlalchemy():
    if have("sqlalchemy"):
        event = importlib.import_module("sqlalchemy.event")
        engine = importlib.import_module("sqlalchemy.engine").Engine

        def before(_connection, _cursor, text, _parameters, _context, _many):
            note("sql", text)

        event.listen(engine, "before_cursor_execute", before)


MOST_CHANGERS = 40


def around(owner, name, before):
    """Replaces a function by one for whose time `before` says who changed the rows that it works on."""
    inner = getattr(owner, name, None)
    if inner is None:
        return

    def outer(*args, **keywords):
        kept = getattr(GUARD, "changed", ())
        try:
            args, GUARD.changed = before(*args)
        except Exception as error:  # the program must run as without us
            print(f"recorder: {owner}.{name}: {error}", file=sys.stderr)
        try:
            return inner(*args, **keywords)
        finally:
            GUARD.changed = kept

    setattr(owner, name, outer)


def changers(states, kinds):
    """Stacks of those who did one of these things to rows."""
    found = set()
    for state in states:
        for kind, frames in getattr(state, "__dict__", {}).get("_seamline_changes", ()):
            if kind in kinds:
                found.add(frames)
    return tuple(sorted(found)[:MOST_CHANGERS])


def hook_changes():
    """Who changed the rows that SQLAlchemy's unit of work flushes."""
    session, state, persistence = have("sqlalchemy.orm.session"), have("sqlalchemy.orm.state"), have("sqlalchemy.orm.persistence")
    dependency = have("sqlalchemy.orm.dependency")
    if not (session and state and persistence and dependency):
        return

    def mark(row, kind):
        if not getattr(GUARD, "flushing", None):
            frames, _ = stack()
            if frames:
                row.__dict__.setdefault("_seamline_changes", set()).add((kind, frames))

    def marking(owner, name, kind):
        inner = getattr(owner, name, None)
        if inner is None:
            return

        def outer(self, *args, **keywords):
            mark(args[0] if owner is not state.InstanceState else self, kind)
            return inner(self, *args, **keywords)

        setattr(owner, name, outer)

    marking(session.Session, "_save_impl", "add")
    marking(session.Session, "_delete_impl", "delete")
    marking(state.InstanceState, "_modified_event", "change")

    def forgetting(inner):
        def outer(self, *args, **keywords):
            self.__dict__.pop("_seamline_changes", None)
            return inner(self, *args, **keywords)

        return outer

    state.InstanceState._expire = forgetting(state.InstanceState._expire)

    def flush(inner):
        def outer(self, *args, **keywords):
            kept, GUARD.flushing = getattr(GUARD, "flushing", None), self
            before = getattr(GUARD, "changed", ())
            gone = list(self._deleted)
            rows = list(self._new) + gone + [it for it in self.identity_map.all_states() if it.modified]
            # What a flush reads it reads for the rows that are deleted.
            GUARD.changed = changers(gone, {"delete"})
            try:
                return inner(self, *args, **keywords)
            finally:
                GUARD.flushing, GUARD.changed = kept, before
                for row in rows:
                    row.__dict__.pop("_seamline_changes", None)

        return outer

    session.Session._flush = flush(session.Session._flush)

    def of_records(kinds):
        def before(base, work, mapper, table, records, *rest):
            records = list(records)
            return (base, work, mapper, table, records, *rest), changers([it[0] for it in records], kinds)

        return before

    around(persistence, "_emit_insert_statements", of_records({"add"}))
    around(persistence, "_emit_update_statements", of_records({"change"}))
    # Rows come as generators, which can be gone through once.
    def of_rows(at, *kinds):
        def before(*args):
            args = list(args)
            args[at] = list(args[at])
            return args, next((it for it in (changers(args[at], them) for them in kinds) if it), ())

        return before

    around(persistence, "post_update", of_rows(1, {"change"}))
    around(persistence, "delete_obj", of_rows(1, {"delete"}, {"change"}))
    for name in ("ManyToManyDP", "_ManyToManyDP"):
        between = getattr(dependency, name, None)
        if between:
            around(between, "process_saves", of_rows(2, {"add", "change"}))
            around(between, "process_deletes", of_rows(2, {"delete"}))


def hook_django():
    backend = have("django.db.backends.utils")
    if backend:
        for wrapper in (backend.CursorWrapper, backend.CursorDebugWrapper):
            for name in ("execute", "executemany"):
                wrap(wrapper, name, statement)


def hook_drivers():
    peewee = have("peewee")
    if peewee:
        wrap(peewee.Database, "execute_sql", statement)
    psycopg = have("psycopg")
    if psycopg:
        for cursor in (psycopg.Cursor, psycopg.AsyncCursor):
            for name in ("execute", "executemany"):
                wrap(cursor, name, statement)
    asyncpg = have("asyncpg.connection")
    if asyncpg:
        for name in ("execute", "executemany", "fetch", "fetchrow", "fetchval"):
            wrap(asyncpg.Connection, name, statement)
    aiosqlite = have("aiosqlite")
    if aiosqlite:
        for name in ("execute", "executemany", "executescript", "execute_fetchall", "execute_insert"):
            wrap(aiosqlite.Connection, name, statement)
    hook_sqlite3()
    hook_psycopg2()


def hook_sqlite3():
    """Programs that use sqlite3 directly: under a mapper the guard or its frames tell the same statement once."""
    import sqlite3

    class Cursor(sqlite3.Cursor):
        def execute(self, *args):
            note("sqlite3", args[0])
            return super().execute(*args)

        def executemany(self, *args):
            note("sqlite3", args[0])
            return super().executemany(*args)

    def reporting(base):
        class Connection(base):
            def cursor(self, factory=Cursor):
                return super().cursor(factory)

            def execute(self, *args):
                note("sqlite3", args[0])
                return super().execute(*args)

            def executemany(self, *args):
                note("sqlite3", args[0])
                return super().executemany(*args)

            def executescript(self, *args):
                note("sqlite3", args[0])
                return super().executescript(*args)

        Connection.__name__ = base.__name__
        return Connection

    plain = sqlite3.connect
    connections = {sqlite3.Connection: reporting(sqlite3.Connection)}

    def connect(*args, **keywords):
        base = keywords.get("factory", sqlite3.Connection)
        if len(args) < 6 and isinstance(base, type):
            if base not in connections:
                connections[base] = reporting(base)
            keywords["factory"] = connections[base]
        return plain(*args, **keywords)

    sqlite3.connect = connect


def hook_psycopg2():
    psycopg2 = have("psycopg2")
    if not psycopg2:
        return
    extensions = importlib.import_module("psycopg2.extensions")
    plain = psycopg2.connect
    cursors = {}

    def reporting(base):
        if base not in cursors:

            class Cursor(base):
                def execute(self, query, *args, **keywords):
                    note("psycopg2", query.decode() if isinstance(query, bytes) else query)
                    return super().execute(query, *args, **keywords)

            cursors[base] = Cursor
        return cursors[base]

    def connect(*args, **keywords):
        base = keywords.get("connection_factory") or extensions.connection

        class Connection(base):
            def cursor(self, *args, **keywords):
                wanted = keywords.pop("cursor_factory", None) or self.cursor_factory or extensions.cursor
                return super().cursor(*args, cursor_factory=reporting(wanted), **keywords)

        keywords["connection_factory"] = Connection
        return plain(*args, **keywords)

    psycopg2.connect = connect


READS = {"find", "aggregate", "count", "distinct", "getMore"}
WRITES = {"insert", "update", "delete", "findAndModify", "drop", "createIndexes", "dropIndexes", "create"}


def hook_mongo():
    monitoring = have("pymongo.monitoring")
    if monitoring:

        class Listener(monitoring.CommandListener):
            def started(self, event):
                name = event.command_name
                target = event.command.get(name)
                if isinstance(target, str) and name in READS | WRITES:
                    note("mongo", target, "read" if name in READS else "write")
                    for stage in event.command.get("pipeline") or []:
                        for key in ("$lookup", "$graphLookup"):
                            if key in stage:
                                note("mongo", stage[key]["from"], "read")

            def succeeded(self, event):
                pass

            def failed(self, event):
                pass

        monitoring.register(Listener())
    mock = have("mongomock.collection")
    if mock:
        reads = ["find", "find_one", "aggregate", "count", "count_documents", "distinct", "estimated_document_count"]
        writes = ["insert_one", "insert_many", "update_one", "update_many", "replace_one", "delete_one", "delete_many", "bulk_write",
                  "find_one_and_update", "find_one_and_delete", "find_one_and_replace", "create_index", "create_indexes", "drop"]
        for names, effect in ((reads, "read"), (writes, "write")):
            for name in names:
                wrap(mock.Collection, name, lambda it, *args, _effect=effect, **keywords: mongo_call(it, _effect, args))


def mongo_call(collection, effect, args):
    note("mongo", collection.name, effect)
    for stage in args[0] if args and isinstance(args[0], list) else []:
        for key in ("$lookup", "$graphLookup"):
            if isinstance(stage, dict) and key in stage:
                note("mongo", stage[key]["from"], "read")


def write():
    with open(LOG, "a", encoding="utf-8") as out:
        for (kind, text, effect, frames, through, changed), count in SEEN.items():
            entry = {"kind": kind, "text": text, "effect": effect, "frames": frames, "through": through, "count": count}
            if changed:
                entry["changed"] = changed
            out.write(json.dumps(entry) + "\n")
    SEEN.clear()


hook_sqlalchemy()
hook_changes()
hook_django()
hook_drivers()
hook_mongo()
atexit.register(write)

if __name__ == "__main__":
    import runpy

    sys.argv = sys.argv[1:]
    sys.path.insert(0, os.getcwd())
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
