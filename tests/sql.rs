//! SQL statements and what they touch, written down as `select a(x, y); insert b`.
//!
//! A `?` behind a name says that the name holds a hole. Accesses are sorted; columns follow in parentheses.

use seamline::frontend::sql::{Reader, notation};
use seamline::model::sql::{ReadSql, Reading, SchemaChange, SqlStatement, TransactionMark};

fn read(text: &str, dialect: &str) -> Vec<SqlStatement> {
    Reader.read(text, dialect)
}

/// Statements joined by ` | `, those that touch nothing left out.
fn touched(text: &str, dialect: &str) -> String {
    let parts: Vec<String> = read(text, dialect).iter().map(notation).filter(|part| !part.is_empty()).collect();
    parts.join(" | ")
}

fn check(dialect: &str, cases: &[(&str, &str)]) {
    let wrong: Vec<String> = cases
        .iter()
        .filter_map(|(text, expected)| {
            let found = touched(text, dialect);
            let reading = read(text, dialect).iter().map(|statement| statement.reading).max();
            let parsed = reading == Some(Reading::Parsed);
            (found != *expected || !parsed).then(|| {
                let problems: Vec<String> =
                    read(text, dialect).iter().map(|statement| statement.problem.to_string()).collect();
                format!("{text}\n  expected {expected}\n  found    {found} ({reading:?} {problems:?})")
            })
        })
        .collect();
    assert!(wrong.is_empty(), "{} of {} wrong\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

#[test]
fn queries() {
    check(
        "",
        &[
            ("SELECT id, name FROM users", "select users(id, name)"),
            ("SELECT * FROM users", "select users"),
            ("SELECT u.id FROM users u", "select users(id)"),
            ("SELECT u.id FROM users AS u WHERE u.email = 'x'", "select users(email, id)"),
            ("SELECT id FROM billing.invoices", "select billing.invoices(id)"),
            ("SELECT a FROM db.dbo.t", "select db.dbo.t(a)"),
            (
                "SELECT u.id, o.total FROM users u JOIN orders o ON o.user_id = u.id",
                "select orders(total, user_id); select users(id)",
            ),
            ("SELECT 1 FROM a, b WHERE a.x = b.y", "select a(x); select b(y)"),
            ("SELECT x FROM a LEFT JOIN b USING (k)", "select a(k); select b(k)"),
            ("SELECT * FROM a NATURAL JOIN b", "select a; select b"),
            ("SELECT * FROM a CROSS JOIN b", "select a; select b"),
            ("SELECT * FROM a FULL OUTER JOIN b ON a.i = b.i", "select a(i); select b(i)"),
            ("SELECT * FROM (a JOIN b ON a.i = b.i) JOIN c ON c.i = a.i", "select a(i); select b(i); select c(i)"),
            ("SELECT * FROM employees e JOIN employees m ON e.manager_id = m.id", "select employees(id, manager_id)"),
            ("SELECT (SELECT count(*) FROM b WHERE b.a_id = a.id) FROM a", "select a(id); select b(a_id)"),
            ("SELECT * FROM a WHERE EXISTS (SELECT 1 FROM b WHERE b.a_id = a.id)", "select a(id); select b(a_id)"),
            ("SELECT * FROM a WHERE id IN (SELECT a_id FROM b)", "select a(id); select b"),
            (
                "SELECT * FROM a WHERE id NOT IN (SELECT x FROM b UNION SELECT y FROM c)",
                "select a(id); select b; select c",
            ),
            ("SELECT * FROM a WHERE x > ALL (SELECT y FROM b)", "select a(x); select b"),
            ("SELECT * FROM (SELECT id FROM a) s", "select a(id)"),
            ("SELECT s.id FROM (SELECT id FROM a) s JOIN b ON b.id = s.id", "select a(id); select b(id)"),
            ("SELECT a.id FROM a UNION ALL SELECT b.id FROM b", "select a(id); select b(id)"),
            ("(SELECT id FROM a) EXCEPT (SELECT id FROM b)", "select a(id); select b(id)"),
            ("SELECT id FROM a INTERSECT SELECT id FROM b ORDER BY id", "select a(id); select b(id)"),
            ("VALUES (1, 2), (3, 4)", ""),
            ("SELECT * FROM (VALUES (1), (2)) v(x) JOIN a ON a.id = v.x", "select a(id)"),
            ("SELECT count(*) AS n FROM a GROUP BY kind HAVING count(*) > 1 ORDER BY n", "select a(kind)"),
            ("SELECT x.y FROM a", "select a"),
            ("SELECT * FROM a FOR UPDATE SKIP LOCKED", "select a"),
            ("SELECT DISTINCT ON (k) k, v FROM a ORDER BY k, v", "select a(k, v)"),
            ("SELECT sum(x) OVER (PARTITION BY y ORDER BY z) FROM a", "select a(x, y, z)"),
            ("SELECT * FROM a LIMIT 10 OFFSET (SELECT n FROM settings)", "select a; select settings"),
            ("SELECT CASE WHEN x THEN (SELECT 1 FROM b) END FROM a", "select a(x); select b"),
            ("SELECT 1 FROM dual", ""),
            ("SELECT now()", ""),
            ("TABLE users", "select users"),
            ("SELECT data->>'k' FROM a WHERE data ? 'k'", "select a(data)"),
            ("SELECT a.* , b.id FROM a, b", "select a; select b(id)"),
            ("SELECT id FROM \"Order Items\"", "select Order Items(id)"),
            ("SELECT * FROM a -- FROM b\n WHERE /* JOIN c */ x = 'FROM d'", "select a(x)"),
            ("SELECT id::text, created_at::date FROM a", "select a(created_at, id)"),
            ("SELECT EXTRACT(year FROM created_at) FROM a", "select a(created_at)"),
            ("SELECT SUBSTRING(name FROM 1 FOR 2) FROM a", "select a(name)"),
            ("SELECT * FROM a WHERE x IS DISTINCT FROM y", "select a(x, y)"),
            ("SELECT array_agg(x ORDER BY y) FILTER (WHERE z) FROM a", "select a(x, y, z)"),
            ("SELECT * FROM a.b AS c, c.d AS e", "select a.b; select c.d"),
            ("SELECT * FROM a TABLESAMPLE reservoir(20%), b", "select a; select b"),
            ("SELECT id FROM table WHERE table.id = 1", "select table(id)"),
            ("SELECT a, b INTO x, y FROM t WITH UR", "select t(a, b)"),
            ("SELECT * FROM public.a JOIN audit.a ON true", "select audit.a; select public.a"),
        ],
    );
}

#[test]
fn names_that_are_no_tables() {
    check(
        "",
        &[
            ("WITH x AS (SELECT id FROM a) SELECT * FROM x", "select a(id)"),
            (
                "WITH x AS (SELECT * FROM a), y AS (SELECT * FROM x JOIN b ON true) SELECT * FROM y",
                "select a; select b",
            ),
            (
                "WITH RECURSIVE t AS (SELECT id FROM a UNION ALL SELECT a.id FROM a JOIN t ON a.p = t.id) SELECT * FROM t",
                "select a(id, p)",
            ),
            (
                "WITH t AS (SELECT id FROM a UNION ALL SELECT a.id FROM a JOIN t ON a.p = t.id) SELECT * FROM t",
                "select a(id, p)",
            ),
            ("WITH a AS (SELECT * FROM a) SELECT * FROM a", "select a"),
            ("WITH x AS (WITH y AS (SELECT * FROM a) SELECT * FROM y) SELECT * FROM x, y", "select a; select y"),
            (
                "WITH x AS (SELECT * FROM a) SELECT * FROM (SELECT * FROM x) s WHERE EXISTS (SELECT 1 FROM x)",
                "select a",
            ),
            ("WITH x AS (SELECT 1) SELECT * FROM public.x", "select public.x"),
            ("WITH X AS (SELECT * FROM a) SELECT * FROM x", "select a"),
            ("WITH x(n) AS MATERIALIZED (SELECT id FROM a) SELECT n FROM x", "select a(id)"),
            ("SELECT * FROM (WITH x AS (SELECT * FROM a) SELECT * FROM x) s, x", "select a; select x"),
            ("SELECT * FROM generate_series(1, 10) g", ""),
            ("SELECT * FROM a, unnest(a.tags) t", "select a(tags)"),
            ("SELECT * FROM a, LATERAL (SELECT * FROM b WHERE b.a_id = a.id) l", "select a(id); select b(a_id)"),
            ("SELECT * FROM a CROSS JOIN LATERAL jsonb_array_elements(a.items) e", "select a(items)"),
            ("SELECT * FROM json_each((SELECT doc FROM a))", "select a"),
            ("SELECT * FROM pg_sleep(1)", ""),
            (
                "SELECT u.name FROM users u, orders u2 WHERE u2.user_id = u.id",
                "select orders(user_id); select users(id, name)",
            ),
            ("WITH x AS (DELETE FROM a RETURNING *) INSERT INTO b SELECT * FROM x", "delete a; insert b"),
            (
                "WITH n AS (INSERT INTO a (x) VALUES (1) RETURNING id) UPDATE b SET a_id = n.id FROM n WHERE b.k = 2",
                "insert a(x); update b(a_id)",
            ),
            (
                "WITH u AS (UPDATE a SET x = 1 RETURNING id) SELECT * FROM u JOIN c ON c.id = u.id",
                "select c(id); update a(x)",
            ),
            (
                "WITH d AS (SELECT * FROM a WHERE x = 1) DELETE FROM b USING d WHERE b.id = d.id",
                "delete b; select a(x)",
            ),
        ],
    );
    check(
        "postgres",
        &[("WITH t AS (SELECT id FROM a UNION ALL SELECT id FROM t) SELECT * FROM t", "select a(id); select t(id)")],
    );
}

#[test]
fn writes() {
    check(
        "",
        &[
            ("INSERT INTO users (id, name) VALUES (1, 'x')", "insert users(id, name)"),
            ("INSERT INTO users VALUES (1)", "insert users"),
            ("INSERT INTO users DEFAULT VALUES", "insert users"),
            ("INSERT INTO users (id) VALUES ($1) RETURNING id", "insert users(id)"),
            ("INSERT INTO b (x) SELECT y FROM a", "insert b(x); select a(y)"),
            ("INSERT INTO b SELECT * FROM a JOIN c ON c.i = a.i", "insert b; select a(i); select c(i)"),
            ("INSERT INTO b (x) VALUES ((SELECT max(id) FROM a))", "insert b(x); select a"),
            ("INSERT INTO a (k, v) VALUES (1, 2) ON CONFLICT (k) DO UPDATE SET v = excluded.v", "upsert a(k, v)"),
            ("INSERT INTO a (k) VALUES (1) ON CONFLICT DO NOTHING", "insert a(k)"),
            ("INSERT INTO a (k, v) VALUES (1, 2) ON DUPLICATE KEY UPDATE v = VALUES(v)", "upsert a(k, v)"),
            ("INSERT OR REPLACE INTO a (k) VALUES (1)", "upsert a(k)"),
            ("INSERT OR IGNORE INTO a (k) VALUES (1)", "insert a(k)"),
            ("INSERT IGNORE INTO a (k) VALUES (1)", "insert a(k)"),
            ("REPLACE INTO a (k) VALUES (1)", "upsert a(k)"),
            ("INSERT INTO a SET k = 1, v = 2", "insert a(k, v)"),
            ("INSERT INTO a AS t (k, v) VALUES (1, 2) ON CONFLICT (k) DO UPDATE SET v = t.v + 1", "upsert a(k, v)"),
            ("INSERT INTO a (x) VALUES (1); INSERT INTO b (y) VALUES (2)", "insert a(x) | insert b(y)"),
            ("UPDATE users SET name = 'x' WHERE id = 1", "update users(name)"),
            ("UPDATE users u SET name = 'x' WHERE u.id = 1", "update users(name)"),
            ("UPDATE a SET x = (SELECT max(y) FROM b)", "select b; update a(x)"),
            ("UPDATE a SET x = b.y FROM b WHERE b.id = a.b_id", "select b(id, y); update a(x)"),
            ("UPDATE a SET (x, y) = (1, 2)", "update a(x, y)"),
            ("UPDATE a SET x = 1 WHERE id IN (SELECT a_id FROM b)", "select b; update a(x)"),
            ("UPDATE a SET x = o.x FROM a o WHERE o.p = a.id", "select a(p, x); update a(x)"),
            ("UPDATE ONLY a SET x = 1", "update a(x)"),
            ("UPDATE a JOIN b ON b.id = a.b_id SET a.x = b.y", "select b(id, y); update a(x)"),
            ("UPDATE a t1, b t2 SET t1.x = 1, t2.y = 2 WHERE t1.id = t2.id", "update a(x); update b(y)"),
            ("UPDATE u SET u.x = 1 FROM users u JOIN b ON b.id = u.id", "select b(id); update users(x)"),
            ("UPDATE u SET u.x += 1 FROM s.users AS u JOIN b ON b.id = u.id", "select b(id); update s.users(x)"),
            ("UPDATE a SET x = x + 1 RETURNING x", "update a(x)"),
            ("DELETE FROM a", "delete a"),
            ("DELETE FROM a WHERE id = 1 RETURNING *", "delete a"),
            ("DELETE FROM a WHERE id IN (SELECT a_id FROM b WHERE b.x = 1)", "delete a; select b(x)"),
            ("DELETE FROM a USING b WHERE a.id = b.a_id", "delete a; select b(a_id)"),
            ("DELETE a FROM a JOIN b ON a.id = b.a_id", "delete a; select b(a_id)"),
            ("DELETE t FROM a t JOIN b ON t.id = b.a_id", "delete a; select b(a_id)"),
            ("DELETE FROM t USING a AS t JOIN b ON b.id = t.id", "delete a; select b(id)"),
            ("DELETE FROM a ORDER BY id LIMIT 1", "delete a"),
            ("TRUNCATE TABLE a, b CASCADE", "delete a; delete b"),
            ("TRUNCATE a", "delete a"),
            ("TRUNCATE ONLY a RESTART IDENTITY", "delete a"),
            (
                "MERGE INTO t USING s ON t.id = s.id WHEN MATCHED THEN UPDATE SET x = s.x WHEN NOT MATCHED THEN INSERT (id, x) VALUES (s.id, s.x)",
                "select s(id, x); upsert t(id, x)",
            ),
            (
                "MERGE INTO t USING (SELECT * FROM s JOIN r ON true) q ON t.id = q.id WHEN MATCHED THEN DELETE",
                "delete t; select r; select s",
            ),
            ("COPY a FROM '/tmp/x'", "insert a"),
            ("COPY a (x, y) FROM STDIN WITH (FORMAT csv)", "insert a(x, y)"),
            ("COPY a TO STDOUT", "select a"),
            ("COPY (SELECT x FROM a) TO STDOUT", "select a(x)"),
            ("LOCK TABLE a IN EXCLUSIVE MODE", "unknown a"),
            ("LOCK TABLES a READ, b WRITE", "unknown a; unknown b"),
            ("SELECT x INTO b FROM a", "ddl b; select a(x)"),
            ("CREATE TABLE b AS SELECT x FROM a", "ddl b; select a(x)"),
            ("CREATE TEMP TABLE b AS SELECT x FROM a", "ddl b; select a(x)"),
            ("CREATE TABLE b AS TABLE a WITH NO DATA", "ddl b; select a"),
            ("EXPLAIN ANALYZE SELECT x FROM a", "select a(x)"),
            ("EXPLAIN (ANALYZE, BUFFERS) DELETE FROM a", "delete a"),
            ("EXPLAIN QUERY PLAN SELECT x FROM a", "select a(x)"),
            ("PREPARE p (int) AS SELECT x FROM a WHERE id = $1", "select a(id, x)"),
            ("PREPARE p FROM 'DELETE FROM a WHERE id = ?'", "delete a"),
            ("DECLARE c CURSOR FOR SELECT x FROM a", "select a(x)"),
            ("DESCRIBE a", "unknown a"),
            ("ANALYZE VERBOSE a (x), b", "unknown a; unknown b"),
            ("INSERT ALL INTO a (x) VALUES (1) INTO b VALUES (2) SELECT * FROM c", "insert a; insert b; select c"),
            ("DELETE a, b FROM a JOIN b JOIN c WHERE a.id = b.id", "delete a; delete b; select c"),
            ("LOAD DATA LOCAL INFILE '/x' INTO TABLE a", "insert a"),
            ("TRUNCATE TABLE ONLY a, ONLY b", "delete a; delete b"),
        ],
    );
}

#[test]
fn definitions() {
    check(
        "",
        &[
            ("CREATE TABLE a (id int REFERENCES b(id))", "ddl a"),
            ("CREATE TABLE IF NOT EXISTS s.a (id int)", "ddl s.a"),
            ("ALTER TABLE a ADD COLUMN x int", "ddl a"),
            ("ALTER TABLE IF EXISTS ONLY a DROP COLUMN x", "ddl a"),
            ("DROP TABLE IF EXISTS a, b CASCADE", "ddl a; ddl b"),
            ("CREATE INDEX i ON a (x)", "ddl a"),
            ("CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON ONLY a USING btree (x) WHERE y", "ddl a"),
            ("CREATE VIEW v AS SELECT x FROM a", "ddl v; select a(x)"),
            ("CREATE OR REPLACE VIEW v (y) AS SELECT x FROM a WITH CHECK OPTION", "ddl v; select a(x)"),
            ("CREATE MATERIALIZED VIEW v AS SELECT x FROM a WITH NO DATA", "ddl v; select a(x)"),
            ("REFRESH MATERIALIZED VIEW CONCURRENTLY v", "ddl v"),
            ("CREATE RECURSIVE VIEW v (n) AS SELECT 1 UNION SELECT n FROM v", "ddl v"),
            ("DROP VIEW v", "ddl v"),
            ("COMMENT ON TABLE a IS 'x'", "ddl a"),
            ("RENAME TABLE a TO b", "ddl a; ddl b"),
            ("ALTER TABLE a RENAME TO b", "ddl a; ddl b"),
            ("CREATE TABLE a LIKE b", "ddl a; select b"),
            ("CREATE TABLE a CLONE b", "ddl a; select b"),
            ("ALTER TABLE a SWAP WITH b", "ddl a; select b"),
            ("ALTER TABLE a DELETE WHERE x = 1", "delete a"),
            ("ALTER TABLE a ON CLUSTER c UPDATE x = 2 WHERE x = 1", "update a"),
            ("CREATE EXTENSION pgcrypto", ""),
            ("CREATE TYPE mood AS ENUM ('a')", ""),
            ("CREATE SEQUENCE s START 1", ""),
            ("GRANT SELECT ON a TO bob", ""),
            ("PRAGMA foreign_keys = ON", ""),
            ("VACUUM ANALYZE a", "unknown a"),
            (
                "CREATE EXTERNAL TABLE a PARTITIONED BY (x int) STORED AS PARQUET AS SELECT y FROM b",
                "ddl a; select b(y)",
            ),
            ("CREATE TABLE a USING CSV AS SELECT y FROM b", "ddl a; select b(y)"),
            ("CREATE TABLE a (x int) INHERITS (b, c)", "ddl a; select b; select c"),
            ("CREATE TABLE a (x int) WITH (SYSTEM_VERSIONING = ON (HISTORY_TABLE = dbo.h))", "ddl a; ddl dbo.h"),
            ("CREATE MATERIALIZED VIEW v TO a AS SELECT * FROM b", "ddl v; insert a; select b"),
            ("SET statement_timeout = 0", ""),
            ("CREATE VIRTUAL TABLE f USING fts5(title, body, content='posts')", "ddl f"),
            ("CREATE TABLE m PARTITION OF p FOR VALUES FROM (1) TO (2)", "ddl m"),
            ("CREATE TABLE a (LIKE b INCLUDING ALL)", "ddl a; select b"),
        ],
    );
}

#[test]
fn routines() {
    check(
        "",
        &[
            (
                "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT count(*) FROM a; DELETE FROM b $$",
                "delete b; select a",
            ),
            (
                "CREATE OR REPLACE FUNCTION f(p int) RETURNS trigger AS $fn$\nDECLARE n int := (SELECT max(x) FROM s);\nBEGIN\n  IF EXISTS (SELECT 1 FROM a WHERE a.id = p) THEN\n    INSERT INTO log (t) VALUES (now());\n  ELSIF n > 1 THEN UPDATE c SET x = 1; ELSE PERFORM g(x) FROM d; END IF;\n  SELECT x INTO n FROM e WHERE id = p;\n  FOR r IN SELECT * FROM h LOOP DELETE FROM i WHERE id = r.id; END LOOP;\n  RETURN QUERY SELECT * FROM j;\nEND;\n$fn$ LANGUAGE plpgsql",
                "delete i; insert log(t); select a(id); select d; select e; select h; select j; select s; update c(x)",
            ),
            ("CREATE FUNCTION f() RETURNS int AS 'SELECT x FROM a' LANGUAGE sql", "select a"),
            ("CREATE FUNCTION f() RETURNS int LANGUAGE plpython3u AS $$ plpy.execute('SELECT 1 FROM a') $$", ""),
            ("CREATE FUNCTION f() RETURNS int RETURN (SELECT max(x) FROM a)", "select a"),
            (
                "CREATE FUNCTION f() RETURNS void BEGIN ATOMIC INSERT INTO a VALUES (1); DELETE FROM b; END",
                "delete b; insert a",
            ),
            (
                "CREATE FUNCTION f() RETURNS void AS $$ BEGIN EXECUTE 'DELETE FROM a WHERE id = $1' USING 1; END $$ LANGUAGE plpgsql",
                "delete a",
            ),
            (
                "CREATE FUNCTION f(t text) RETURNS void AS $$ BEGIN EXECUTE format('DELETE FROM %I WHERE id = %L', t, 1); END $$ LANGUAGE plpgsql",
                "delete {hole}?",
            ),
            (
                "CREATE FUNCTION f(t text) RETURNS void AS $$ BEGIN EXECUTE 'INSERT INTO log_' || t || ' SELECT * FROM a'; END $$ LANGUAGE plpgsql",
                "insert log_{hole}?; select a",
            ),
            ("CREATE TRIGGER t AFTER INSERT ON a FOR EACH ROW EXECUTE FUNCTION f()", "ddl a"),
            (
                "CREATE TRIGGER t AFTER UPDATE OF x ON a BEGIN INSERT INTO log VALUES (NEW.id); UPDATE b SET n = n + 1 WHERE id = NEW.b; END",
                "ddl a; insert log; update b(n)",
            ),
            ("CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW SET NEW.x = (SELECT max(y) FROM b)", "ddl a; select b"),
            (
                "CREATE PROCEDURE p() BEGIN IF x THEN UPDATE a SET y = 1; END IF; SELECT z INTO v FROM b; END",
                "select b; update a(y)",
            ),
            (
                "DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM a) THEN INSERT INTO a VALUES (1); END IF; END $$",
                "insert a; select a",
            ),
            (
                "CREATE PROCEDURE p @id INT AS\nBEGIN\n  SET NOCOUNT ON\n  UPDATE a SET x = 1 WHERE id = @id\n  INSERT INTO b SELECT * FROM c\n  IF @id > 1\n    DELETE FROM d\nEND",
                "delete d; insert b; select c; update a(x)",
            ),
            ("CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO DELETE FROM sessions WHERE old = 1", "delete sessions"),
            ("CALL p(1)", ""),
        ],
    );
    let statements =
        read("CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN\nUPDATE a SET x = 1;\nEND $$", "");
    assert_eq!(statements[0].routine, "touch");
    assert_eq!(statements[0].accesses[0].line, 2);
}

#[test]
fn placeholders_and_holes() {
    check(
        "",
        &[
            ("SELECT * FROM users WHERE id = ? AND x IN (?, ?)", "select users(id, x)"),
            ("SELECT * FROM users WHERE id = %s AND x = %(x)s", "select users(id, x)"),
            ("SELECT * FROM users WHERE id = $1 AND x = ANY($2)", "select users(id, x)"),
            ("SELECT * FROM users WHERE id = :id AND x = @x", "select users(id, x)"),
            ("SELECT * FROM users WHERE id = {id} AND x IN {xs}", "select users(id, x)"),
            ("SELECT * FROM users WHERE x IN ? LIMIT ? OFFSET ?", "select users(x)"),
            ("SELECT {columns} FROM users {where} ORDER BY {order} {direction} LIMIT {n}", "select users"),
            ("SELECT * FROM {hole}", "select {hole}?"),
            ("SELECT * FROM {hole}_log", "select {hole}_log?"),
            ("SELECT * FROM log_{year}_{month} l WHERE l.x = 1", "select log_{hole}_{hole}?(x)"),
            ("SELECT * FROM %s WHERE id = %d", "select {hole}?(id)"),
            ("SELECT * FROM \"%s\" JOIN b ON true", "select b; select {hole}?"),
            ("UPDATE IGNORE orders SET a = 1", "update orders(a)"),
            ("UPDATE LOW_PRIORITY IGNORE orders SET a = 1", "update orders(a)"),
            ("UPDATE ignore SET a = 1", "update ignore(a)"),
            ("DELETE l.* FROM links AS l INNER JOIN notes AS n ON l.note = n.id", "delete links; select notes(id)"),
            ("SELECT * FROM `{prefix}users`", "select users"),
            ("SELECT * FROM `{tenant}users`", "select {hole}users?"),
            ("SELECT * FROM {schema}.users", "select {hole}.users?"),
            ("INSERT INTO {hole} (a, b) VALUES ({hole}, {hole})", "insert {hole}?(a, b)"),
            ("INSERT INTO users ({cols}) VALUES ({vals})", "insert users"),
            ("INSERT INTO users (a) VALUES %s", "insert users(a)"),
            ("UPDATE users SET {assignments} WHERE id = ?", "update users"),
            ("UPDATE users SET {assignments}, changed = now() WHERE id = ?", "update users"),
            ("INSERT INTO users (id, {cols}) VALUES (1, {vals})", "insert users"),
            ("UPDATE {hole} SET x = 1", "update {hole}?(x)"),
            ("DELETE FROM {hole} WHERE id = 1", "delete {hole}?"),
            ("SELECT * FROM users WHERE name LIKE '%s' AND {filter}", "select users(name)"),
            ("SELECT * FROM users WHERE created > now() - INTERVAL '{n} days'", "select users(created)"),
            ("SELECT a.x FROM a JOIN {hole} h ON h.i = a.i", "select a(i, x); select {hole}?(i)"),
            ("SELECT * FROM a WHERE x = ${x} AND y = #{y}", "select a(x, y)"),
            ("SELECT * FROM {{ table }} WHERE x = {{ y }}", "select {hole}?(x)"),
            ("CREATE TABLE {hole}_archive (id int)", "ddl {hole}_archive?"),
            ("SELECT id FROM a WHERE x = ?1 AND y = ?2", "select a(id, x, y)"),
            ("SELECT * FROM a {joins} WHERE {conditions} {suffix}", "select a"),
        ],
    );
}

#[test]
fn phrases_of_one_dialect() {
    check(
        "",
        &[
            ("SEL a FROM t", "select t(a)"),
            ("DEL FROM t WHERE a = 1", "delete t"),
            ("SELECT a AS sel FROM t WHERE (del IS NULL)", "select t(a, del)"),
            ("LOCK ROW FOR ACCESS SELECT a FROM t", "select t(a)"),
            ("LOCKING ROW FOR ACCESS SEL a FROM t", "select t(a)"),
            ("REPLACE VIEW v AS LOCK ROW FOR ACCESS SELECT a FROM t", "ddl v; select t(a)"),
            ("WITH p AS (PIVOT cities ON year USING sum(population)) SELECT * FROM p", "select cities"),
            ("SELECT * FROM (UNPIVOT monthly ON jan, feb INTO NAME month VALUE sales)", "select monthly"),
            ("SELECT DATE_PART(day FROM a) FROM t", "select t(a)"),
            ("SELECT c FROM t FULL JOIN u AS (a, b) ON a = b", "select t; select u"),
            ("CACHE LAZY TABLE c OPTIONS ('level' 'DISK') SELECT a FROM t", "select t(a)"),
        ],
    );
    check(
        "clickhouse",
        &[
            ("SELECT s, a FROM lists ARRAY JOIN [1, 2, 3] AS a", "select lists(a, s)"),
            ("SELECT s FROM lists LEFT ARRAY JOIN one AS a, two AS b WHERE s > 1", "select lists(s)"),
        ],
    );
}

#[test]
fn dialects() {
    check(
        "",
        &[
            ("SELECT `id` FROM `users` WHERE `name` = \"bob\"", "select users(id, name)"),
            ("SELECT [id] FROM [dbo].[users]", "select dbo.users(id)"),
            ("SELECT TOP 10 id FROM users WITH (NOLOCK)", "select users(id)"),
            ("SELECT id FROM users (NOLOCK)", "select users(id)"),
            ("SELECT * FROM a STRAIGHT_JOIN b ON a.i = b.i", "select a(i); select b(i)"),
            ("SELECT id FROM a LIMIT 5, 10", "select a(id)"),
            ("SELECT 'it\\'s' FROM `a`", "select a"),
            ("/*!40101 SET NAMES utf8 */; /*!40000 ALTER TABLE `a` DISABLE KEYS */;", "ddl a"),
            ("INSERT INTO `a` VALUES (1,'x'),(2,'y');", "insert a"),
            ("SELECT id FROM a WHERE x = 'a' COLLATE NOCASE", "select a(id, x)"),
            ("SELECT id FROM a WHERE x GLOB 'b*'", "select a(id, x)"),
            ("SELECT id FROM a WHERE name ILIKE 'x' AND tags @> ARRAY['y']", "select a(id, name, tags)"),
            ("SELECT id FROM a INDEXED BY i WHERE x = 1", "select a(id, x)"),
            ("SELECT id FROM a FORCE INDEX (i) WHERE x = 1", "select a(id, x)"),
            (
                "INSERT INTO a SELECT * FROM b ON CONFLICT (id) DO UPDATE SET x = excluded.x WHERE a.y < excluded.y",
                "select b; upsert a(x)",
            ),
            ("SELECT id INTO @x FROM a", "select a(id)"),
            ("SELECT id FROM a INTO OUTFILE '/tmp/x'", "select a(id)"),
            ("DELETE FROM a WHERE CURRENT OF c", "delete a"),
            ("SELECT * FROM a TABLESAMPLE SYSTEM (1)", "select a"),
            ("ANALYZE TABLE a UPDATE HISTOGRAM ON x, y WITH 10 BUCKETS", "unknown a"),
            ("DESCRIBE HISTORY a", "unknown a"),
            ("SELECT * FROM a PIVOT(SUM(x) FOR q IN (SELECT DISTINCT y FROM b))", "select a(x); select b(y)"),
            ("SELECT * FROM a WHERE (x, y) IN ((1, 2))", "select a(x, y)"),
        ],
    );
}

#[test]
fn batches_and_files() {
    check(
        "",
        &[
            ("USE shop\nGO\nCREATE TABLE a (id INT)\nGO\nINSERT INTO a VALUES (1)\nGO", "ddl a | insert a"),
            ("CREATE TABLE a (id INT IDENTITY)\nINSERT INTO [dbo].[a] VALUES (1)\nGO\n", "ddl a | insert dbo.a"),
            ("\\connect x\nSELECT 1 FROM a;\n\\echo hi\nSELECT 1 FROM b;", "select a | select b"),
            ("COPY a (x) FROM stdin;\n1\tit's\n2\tb;c\n\\.\n\nSELECT x FROM b;", "insert a(x) | select b(x)"),
            (
                "DELIMITER //\nCREATE PROCEDURE p() BEGIN DELETE FROM a; END//\nDELIMITER ;\nSELECT 1 FROM b;",
                "delete a | select b",
            ),
            ("-- +goose Up\nCREATE TABLE a (id int);\n-- +goose Down\nDROP TABLE a;", "ddl a"),
            ("-- migrate:up\nCREATE TABLE a (id int);\n-- migrate:down\nDROP TABLE a;", "ddl a"),
            ("-- +migrate Up\nCREATE TABLE a (id int);\n-- +migrate Down\nDROP TABLE a;", "ddl a"),
        ],
    );
    assert_eq!(touched("SELECT 1 FROM a;\nTHIS IS NOT SQL;\nSELECT 1 FROM b;", ""), "select a | select b");
}

#[test]
fn lines_names_and_transactions() {
    let statements = read(
        "-- name: GetUser :one\nSELECT id, name\nFROM users\nWHERE id = 1;\n\n-- name: all-orders\nSELECT *\nFROM orders",
        "",
    );
    assert_eq!(statements.len(), 2);
    assert_eq!((statements[0].name.as_str(), statements[0].line, statements[0].end_line), ("GetUser", 2, 4));
    assert_eq!(statements[0].accesses[0].line, 3);
    assert_eq!(statements[0].result_columns, ["id", "name"]);
    assert_eq!((statements[1].name.as_str(), statements[1].accesses[0].line), ("all-orders", 8));
    assert!(statements[1].result_columns.is_empty());
    let marks: Vec<_> =
        read("BEGIN; UPDATE a SET x = 1; SAVEPOINT s; ROLLBACK TO s; COMMIT; START TRANSACTION; ROLLBACK;", "")
            .iter()
            .filter_map(|statement| statement.transaction)
            .collect();
    assert_eq!(
        marks,
        [TransactionMark::Begin, TransactionMark::Commit, TransactionMark::Begin, TransactionMark::Rollback]
    );
}

#[test]
fn joins_and_predicates() {
    let joins = |text: &str| -> Vec<String> {
        read(text, "")
            .iter()
            .flat_map(|statement| statement.joins.iter())
            .map(|join| join.iter().map(|store| store.name.as_str()).collect::<Vec<_>>().join("+"))
            .collect()
    };
    assert_eq!(joins("SELECT * FROM b JOIN a ON true JOIN c ON true"), ["a+b+c"]);
    assert_eq!(joins("SELECT * FROM a, (SELECT * FROM c JOIN d ON true) s"), ["c+d"]);
    assert_eq!(joins("SELECT * FROM a WHERE id IN (SELECT x FROM b)"), Vec::<String>::new());
    assert_eq!(joins("SELECT * FROM a x JOIN a y ON x.p = y.id"), Vec::<String>::new());
    assert_eq!(joins("UPDATE a SET x = 1 FROM b WHERE a.i = b.i"), ["a+b"]);
    assert_eq!(joins("DELETE FROM a USING b WHERE a.i = b.i"), ["a+b"]);
    assert_eq!(joins("MERGE INTO a USING b ON a.i = b.i WHEN MATCHED THEN DELETE"), ["a+b"]);
    assert_eq!(joins("WITH x AS (SELECT * FROM b) SELECT * FROM a JOIN x ON true"), Vec::<String>::new());
    let predicates = |text: &str| -> Vec<String> {
        read(text, "")
            .iter()
            .flat_map(|statement| statement.predicates.iter())
            .map(|predicate| format!("{}.{}={}", predicate.store.name, predicate.column, predicate.value))
            .collect()
    };
    assert_eq!(
        predicates("SELECT * FROM a WHERE kind = 'x' AND n = 1 AND y = $1 AND (active = true)"),
        ["a.kind=x", "a.n=1", "a.active=true"]
    );
    assert_eq!(predicates("SELECT * FROM a JOIN b ON true WHERE b.kind = 'x' AND other = 'y'"), ["b.kind=x"]);
    assert_eq!(predicates("SELECT * FROM a WHERE kind = 'x' OR n = 1"), Vec::<String>::new());
    assert_eq!(predicates("INSERT INTO a (kind, n) VALUES ('x', $1)"), ["a.kind=x"]);
    assert_eq!(predicates("UPDATE a SET y = 2 WHERE kind = 'x'"), ["a.kind=x"]);
    assert_eq!(predicates("DELETE FROM a WHERE 'x' = kind"), ["a.kind=x"]);
}

#[test]
fn refused_statements_are_read_tolerantly_or_counted() {
    let one = |text: &str| {
        let statements = read(text, "");
        assert_eq!(statements.len(), 1, "{text}");
        (statements[0].reading, notation(&statements[0]))
    };
    for (text, expected) in [
        ("SELECT a.x FROM a JOIN b ON a.i = b.i WHERE a.x === 2 ~~~ 3", "select a; select b"),
        ("WITH x AS (SELECT * FROM a WHERE ===) SELECT * FROM x JOIN c ON c.i = x.i", "select a; select c"),
        ("SELECT EXTRACT(day FROM y) ==== FROM a, b AS c, d", "select a; select b; select d"),
        ("INSERT INTO t (a, b) SELECT x,, FROM u", "insert t; select u"),
        ("UPDATE t SET ,, WHERE id IN (SELECT i FROM u)", "select u; update t"),
        ("DELETE FROM t WHERE === ", "delete t"),
        ("UPDATE u SET ,, FROM users u JOIN (b JOIN c ON 1) ON 1", "select b; select c; update users"),
        ("SELECT * FROM f(x) ==== JOIN \"s\".\"t\" ON 1", "select s.t"),
        ("INSERT INTO t VALUES (1,,) ON CONFLICT DO UPDATE SET ===", "upsert t"),
        ("SELECT a.* FROM \n UNION \nSELECT b.* FROM INSERT INTO b", "insert b"),
        ("SELECT === FROM UNION SELECT x FROM b JOIN UPDATE", "select b"),
    ] {
        assert_eq!(one(text), (Reading::Tolerant, expected.to_owned()), "{text}");
        assert!(!read(text, "")[0].problem.is_empty(), "{text}");
    }
    assert_eq!(one("HELLO world from users").0, Reading::Refused);
    assert_eq!(one("SELECT (((").0, Reading::Refused);
}

#[test]
fn fragments() {
    let fragment = |text: &str| {
        let parts: Vec<String> =
            Reader.read_fragment(text, "").iter().map(notation).filter(|part| !part.is_empty()).collect();
        parts.join(" | ")
    };
    assert_eq!(fragment("orders"), "select orders");
    assert_eq!(fragment("orders o, lines l"), "select lines; select orders");
    assert_eq!(fragment("JOIN orders o ON o.user_id = users.id"), "select orders(user_id)");
    assert_eq!(fragment("LEFT JOIN orders ON orders.user_id = users.id"), "select orders(user_id)");
    assert_eq!(fragment("FROM orders WHERE id = ?"), "select orders(id)");
    assert_eq!(fragment("WHERE id IN (SELECT order_id FROM lines)"), "select lines");
    assert_eq!(fragment("id IN (SELECT order_id FROM lines)"), "select lines");
    assert_eq!(fragment("name = ? AND age > ?"), "");
    assert_eq!(fragment(""), "");
}

#[test]
fn schema_changes() {
    let changes = |text: &str| -> Vec<SchemaChange> {
        read(text, "").into_iter().flat_map(|statement| statement.changes).collect()
    };
    let columns = |text: &str| -> String {
        match changes(text).as_slice() {
            [SchemaChange::CreateTable { columns, foreign_keys, .. }] => {
                let mut parts: Vec<String> = columns
                    .iter()
                    .map(|column| {
                        let null = if column.nullable { "?" } else { "" };
                        let key = if column.primary_key { "*" } else { "" };
                        format!("{}{null}{key}:{}", column.name, column.type_name)
                    })
                    .collect();
                parts.extend(foreign_keys.iter().map(|key| {
                    let cascade = if key.on_delete_cascade { "!" } else { "" };
                    format!(
                        "{}->{}({}){cascade}",
                        key.columns.join(","),
                        key.store.name,
                        key.referenced_columns.join(",")
                    )
                }));
                parts.join(" ")
            }
            other => format!("{other:?}"),
        }
    };
    assert_eq!(
        columns(
            "CREATE TABLE a (id BIGSERIAL PRIMARY KEY, name varchar(255) NOT NULL DEFAULT 'x', b_id int REFERENCES b (id) ON DELETE CASCADE, t timestamp with time zone, price numeric(10, 2), tags text[])"
        ),
        "id*:BIGSERIAL name:VARCHAR(255) b_id?:INT t?:TIMESTAMP WITH TIME ZONE price?:NUMERIC(10,2) tags?:TEXT[] b_id->b(id)!"
    );
    assert_eq!(
        columns(
            "CREATE TABLE `a` (`id` int(11) unsigned NOT NULL AUTO_INCREMENT, `key` varchar(9) CHARACTER SET utf8 DEFAULT NULL, kind enum('a','b'), PRIMARY KEY (`id`), KEY `k` (`key`), UNIQUE KEY `u` (`key`), CONSTRAINT `f` FOREIGN KEY (`kind`) REFERENCES `kinds` (`id`)) ENGINE=InnoDB"
        ),
        "id*:INT(11) UNSIGNED key?:VARCHAR(9) kind?:ENUM('a','b') kind->kinds(id)"
    );
    assert_eq!(
        columns(
            "CREATE TABLE a (key text, value, a_id INTEGER, b_id INTEGER, PRIMARY KEY (a_id, b_id), FOREIGN KEY (a_id, b_id) REFERENCES p, CHECK (a_id > 0)) WITHOUT ROWID"
        ),
        "key?:TEXT value?: a_id*:INTEGER b_id*:INTEGER a_id,b_id->p()"
    );
    assert_eq!(
        columns(
            "CREATE TABLE [dbo].[a] ([Id] INT IDENTITY(1,1) NOT NULL, CONSTRAINT [PK] PRIMARY KEY CLUSTERED ([Id] ASC))"
        ),
        "Id*:INT"
    );
    assert_eq!(changes("CREATE TEMP TABLE a (id int)"), []);
    assert_eq!(changes("CREATE FUNCTION f() RETURNS void LANGUAGE sql AS $$ CREATE TABLE a (id int) $$"), []);
    for (text, expected) in [
        ("ALTER TABLE a ADD COLUMN x int, DROP COLUMN y, RENAME COLUMN z TO w", 3),
        ("ALTER TABLE a ADD x int NOT NULL", 1),
        ("ALTER TABLE a ADD CONSTRAINT f FOREIGN KEY (x) REFERENCES b (id)", 1),
        ("ALTER TABLE a ADD PRIMARY KEY (id)", 1),
        ("ALTER TABLE a ADD INDEX (x)", 0),
        ("ALTER TABLE a RENAME TO b", 1),
        ("ALTER TABLE a SET SCHEMA s", 1),
        ("ALTER TABLE a ALTER COLUMN x TYPE bigint USING x::bigint, ALTER y SET NOT NULL, ALTER z SET DEFAULT 1", 2),
        ("ALTER TABLE a MODIFY x bigint NOT NULL, CHANGE y z int", 3),
        ("ALTER TABLE a DROP CONSTRAINT f, DROP FOREIGN KEY g, DROP INDEX h", 2),
        ("ALTER TABLE a ADD (x int, y int)", 2),
        ("ALTER TABLE a OWNER TO bob", 0),
        ("ALTER TABLE p ATTACH PARTITION c FOR VALUES IN (1)", 1),
        ("DROP TABLE a, b", 2),
        ("DROP SCHEMA s CASCADE", 1),
        ("ALTER SCHEMA s RENAME TO t", 1),
        ("SET search_path TO app, public", 1),
        ("USE shop", 1),
        ("RENAME TABLE a TO b, c TO d", 2),
        ("EXEC sp_rename 'dbo.a.x', 'y', 'COLUMN'", 1),
        ("CREATE VIEW v AS SELECT x FROM a", 1),
        ("DO $$ BEGIN ALTER TABLE a ADD COLUMN x int; END $$", 1),
    ] {
        assert_eq!(changes(text).len(), expected, "{text}: {:?}", changes(text));
    }
}

/// Nothing that can be written may end the run: every cut of a statement of each kind, and sizes beyond sense.
#[test]
fn broken_text_never_panics() {
    let text = "WITH x AS (SELECT a.b, 'it''s' FROM \"q\" /* c */ WHERE y = $1) INSERT INTO [t] (u) VALUES ($$d$$, {h}, %s) ON CONFLICT (u) DO UPDATE SET u = `v`; CREATE FUNCTION f() AS $b$ BEGIN IF x THEN EXECUTE 'a'; END IF; END $b$ LANGUAGE plpgsql; ALTER TABLE é ADD x int";
    for (at, _) in text.char_indices() {
        let _ = read(&text[..at], "");
        let _ = read(&text[at..], "mysql");
        let _ = Reader.read_fragment(&text[at..], "");
        let _ = Reader.looks_like_sql(&text[at..]);
    }
    let deep = format!("SELECT {}1{} FROM a", "(".repeat(5000), ")".repeat(5000));
    assert_eq!(touched(&deep, ""), "select a");
    let chain = format!("SELECT * FROM a WHERE {}", vec!["x = 1"; 5000].join(" AND "));
    assert_eq!(touched(&chain, ""), "select a(x)");
    let union = vec!["SELECT x FROM a"; 2000].join(" UNION ALL ");
    assert_eq!(touched(&union, ""), "select a(x)");
}

#[test]
fn a_reserved_word_is_no_table_unless_quoted() {
    assert_eq!(touched("DELETE FROM WHERE id = 1", ""), "");
    assert_eq!(touched("VACUUM INTO 'backup.db'", "sqlite"), "");
    assert_eq!(touched("SELECT a FROM \"where\"", "sqlite"), "select where(a)");
}
