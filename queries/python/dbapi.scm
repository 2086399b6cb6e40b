; SQL in strings through DB-API and its asynchronous relatives: sqlite3, aiosqlite, psycopg2, psycopg 3, asyncpg, aiopg,
; MySQLdb, PyMySQL, mysql-connector, aiomysql, pyodbc, cx_Oracle, databases, records, DuckDB.
; A receiver of unknown type counts when what it is given is SQL by its looks.
; Known misses: statements read from files at run time, psycopg's sql.Composed joins.

((call receiver: (_) @access.receiver method: ["execute" "executemany" "executescript" "execute_async"]
   [argument[0]: (string) @embedded.sql keyword[query]: (string) @embedded.sql keyword[operation]: (string) @embedded.sql keyword[sql]: (string) @embedded.sql])
  (#type? @access.receiver "sqlite3.Connection" "psycopg2.extensions.connection" "psycopg.Connection" "asyncpg.Connection" "MySQLdb.connection"
          "databases.Database" "duckdb.DuckDBPyConnection" "django.db.connection")
  (#not-type? @embedded.sql "sqlalchemy.Select" "sqlalchemy.Statement")
  (#set! access.untyped "likely"))
((call receiver: (_) @access.receiver method: ["fetch" "fetchrow" "fetchval" "fetch_all" "fetch_one" "fetch_val" "iterate" "prepare" "cursor" "copy_from_query" "execute_fetchall" "execute_insert" "stream"]
   [argument[0]: (string) @embedded.sql keyword[query]: (string) @embedded.sql])
  (#type? @access.receiver "asyncpg.Connection" "databases.Database" "sqlite3.Connection" "psycopg.Connection")
  (#set! access.untyped "likely"))
((call callee: (_) @_helper argument[1]: (string) @embedded.sql)
  (#is? @_helper "psycopg2.extras.execute_values" "psycopg2.extras.execute_batch"))
((call callee: (_) @_helper argument[0]: (string) @embedded.sql)
  (#is? @_helper "psycopg2.sql.SQL" "psycopg.sql.SQL" "pandas.read_sql" "pandas.read_sql_query" "polars.read_database" "duckdb.sql" "duckdb.query" "duckdb.execute"))
((call receiver: (_) @access.receiver method: ["copy_from" "copy_to"] argument[1]: (string) @access.target) @access
  (#type? @access.receiver "psycopg2.extensions.connection")
  (#set! access.target "name") (#set! operation "insert"))
((call receiver: (_) @access.receiver method: ["copy_records_to_table" "copy_to_table"] argument[0]: (string) @access.target) @access
  (#type? @access.receiver "asyncpg.Connection")
  (#set! access.target "name") (#set! operation "insert"))

; Connections and cursors of one driver are told apart by nobody: both take statements.
(stub ["sqlite3.connect" "aiosqlite.connect" "sqlite3.dbapi2.connect"] returns: "sqlite3.Connection")
(stub ["aiosqlite.Connection" "aiosqlite.core.Connection" "sqlite3.Cursor" "aiosqlite.Cursor" "aiosqlite.cursor.Cursor"] same: "sqlite3.Connection")
(stub ["sqlite3.Connection.cursor" "sqlite3.Connection.execute" "sqlite3.Connection.executemany"] returns: "sqlite3.Connection")
(stub ["psycopg2.connect" "psycopg2.pool.SimpleConnectionPool.getconn" "psycopg2.pool.ThreadedConnectionPool.getconn" "psycopg2.pool.AbstractConnectionPool.getconn"
       "aiopg.connect" "aiopg.Pool.acquire"] returns: "psycopg2.extensions.connection")
(stub ["psycopg2.extensions.cursor" "psycopg2.extras.DictCursor" "psycopg2.extras.RealDictCursor" "psycopg2.extras.NamedTupleCursor"
       "psycopg2.extensions.Connection"] same: "psycopg2.extensions.connection")
(stub ["psycopg2.extensions.connection.cursor"] returns: "psycopg2.extensions.connection")
(stub ["psycopg.connect" "psycopg.Connection.connect" "psycopg.AsyncConnection.connect" "psycopg_pool.ConnectionPool.connection" "psycopg_pool.AsyncConnectionPool.connection"
       "psycopg_pool.ConnectionPool.getconn" "psycopg_pool.AsyncConnectionPool.getconn" "psycopg.Connection.cursor" "psycopg.Connection.execute"] returns: "psycopg.Connection")
(stub ["psycopg.AsyncConnection" "psycopg.Cursor" "psycopg.AsyncCursor" "psycopg.ServerCursor" "psycopg.AsyncServerCursor"] same: "psycopg.Connection")
(stub ["asyncpg.connect" "asyncpg.create_pool" "asyncpg.Connection.acquire"] returns: "asyncpg.Connection")
(stub ["asyncpg.Pool" "asyncpg.pool.Pool" "asyncpg.connection.Connection" "asyncpg.pool.PoolConnectionProxy" "asyncpg.PoolConnectionProxy"] same: "asyncpg.Connection")
(stub ["MySQLdb.connect" "pymysql.connect" "mysql.connector.connect" "aiomysql.connect" "asyncmy.connect" "MySQLdb.connection.cursor"
       "aiomysql.Pool.acquire" "pyodbc.connect" "cx_Oracle.connect" "oracledb.connect" "pymssql.connect" "mariadb.connect" "snowflake.connector.connect"] returns: "MySQLdb.connection")
(stub ["aiomysql.create_pool"] returns: "aiomysql.Pool")
(stub ["pymysql.connections.Connection" "pymysql.cursors.Cursor" "pymysql.cursors.DictCursor" "pymysql.Connection" "mysql.connector.connection.MySQLConnection" "mysql.connector.MySQLConnection"
       "mysql.connector.cursor.MySQLCursor" "aiomysql.Connection" "aiomysql.Cursor" "aiomysql.DictCursor" "MySQLdb.cursors.Cursor" "MySQLdb.cursors.DictCursor"
       "pyodbc.Connection" "pyodbc.Cursor" "cx_Oracle.Connection" "cx_Oracle.Cursor" "oracledb.Connection" "oracledb.Cursor"] same: "MySQLdb.connection")
(stub ["databases.core.Database"] same: "databases.Database")
(stub ["databases.Database.connection"] returns: "databases.Database")
(stub ["duckdb.connect"] returns: "duckdb.DuckDBPyConnection")
(stub "duckdb.DuckDBPyConnection.cursor" returns: self)
(stub ["psycopg2.sql.SQL.format" "psycopg.sql.SQL.format"] returns: self)

; Transactions: a connection as a context, and the blocks that the asynchronous drivers have.
((with (_) @_connection) @transaction
  (#type? @_connection "psycopg2.extensions.connection"))
((with (call receiver: (_) @_connection method: "transaction")) @transaction
  (#type? @_connection "asyncpg.Connection" "psycopg.Connection" "databases.Database"))
((definition attribute: (call receiver: (_) @_database method: "transaction")) @transaction
  (#type? @_database "databases.Database"))
((call receiver: (_) @_connection method: "begin") @transaction
  (#type? @_connection "MySQLdb.connection"))
((call receiver: (_) @_connection method: ["commit" "rollback"]) @transaction
  (#type? @_connection "sqlite3.Connection" "psycopg2.extensions.connection" "psycopg.Connection" "MySQLdb.connection")
  (#set! transaction.end "true"))
