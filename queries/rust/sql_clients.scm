; Other clients that take SQL as text: libsql, limbo and turso, duckdb, the sqlite crate, tiberius (SQL Server), scylla (CQL), clickhouse.
; Known misses: statements kept in structs, rows that clickhouse serializes.

; SQLite and its kin.
(stub ["libsql::Database::connect" "turso::Database::connect" "limbo::Database::connect"] returns: "libsql::Connection")
(stub ["turso::Connection" "limbo::Connection" "libsql::Transaction"] extends: "libsql::Connection")
(stub ["libsql::Connection::transaction" "libsql::Connection::transaction_with_behavior"] returns: "libsql::Transaction")
(call receiver: (_) @_connection method: ["execute" "query" "execute_batch" "execute_transactional_batch" "prepare"] argument[0]: (string) @embedded.sql
  (#type? @_connection "libsql::Connection")
  (#set! sql.dialect "sqlite"))
(call receiver: (_) @_connection method: ["transaction" "transaction_with_behavior"]
  (#type? @_connection "libsql::Connection")) @transaction
(call receiver: (_) @_transaction method: ["commit" "rollback"]
  (#type? @_transaction "libsql::Transaction") (#set! transaction.end)) @transaction
(stub ["duckdb::Connection::open" "duckdb::Connection::open_in_memory" "duckdb::Connection::try_clone"] returns: "duckdb::Connection")
(stub "duckdb::Transaction" extends: "duckdb::Connection")
(stub ["duckdb::Connection::transaction"] returns: "duckdb::Transaction")
(call receiver: (_) @_connection method: ["execute" "execute_batch" "prepare" "prepare_cached" "query_row" "query_row_and_then"] argument[0]: (string) @embedded.sql
  (#type? @_connection "duckdb::Connection"))
(call receiver: (_) @access.receiver method: "appender" argument[0]: (text) @access.target
  (#type? @access.receiver "duckdb::Connection")
  (#set! access.target "name") (#set! operation "insert")) @access
(stub ["sqlite::open" "sqlite::Connection::open"] returns: "sqlite::Connection")
(stub "sqlite::ConnectionThreadSafe" extends: "sqlite::Connection")
(call receiver: (_) @_connection method: ["execute" "prepare" "iterate"] argument[0]: (string) @embedded.sql
  (#type? @_connection "sqlite::Connection")
  (#set! sql.dialect "sqlite"))

; SQL Server.
(stub "tiberius::Client::connect" returns: "tiberius::Client")
(call receiver: (_) @_client method: ["execute" "query" "simple_query"] argument[0]: (string) @embedded.sql
  (#type? @_client "tiberius::Client"))

; Cassandra and ScyllaDB: CQL reads like SQL.
(stub ["scylla::client::session_builder::SessionBuilder::build" "scylla::SessionBuilder::build"] returns: "scylla::Session")
(stub ["scylla::client::session::Session" "scylla::client::caching_session::CachingSession" "scylla::CachingSession"] extends: "scylla::Session")
(call receiver: (_) @_session
  method: ["query" "query_unpaged" "query_iter" "query_single_page" "prepare" "execute" "execute_unpaged" "execute_iter"]
  argument[0]: (string) @embedded.sql
  (#type? @_session "scylla::Session"))

; ClickHouse.
(stub "clickhouse::Client::default" returns: "clickhouse::Client")
(stub ["clickhouse::Client::with_url" "clickhouse::Client::with_database" "clickhouse::Client::with_user" "clickhouse::Client::with_password"
       "clickhouse::Client::with_option"] returns: self)
(call receiver: (_) @_client method: "query" argument[0]: (string) @embedded.sql
  (#type? @_client "clickhouse::Client"))
(call receiver: (_) @access.receiver method: ["insert" "inserter"] argument[0]: (text) @access.target
  (#type? @access.receiver "clickhouse::Client")
  (#set! access.target "name") (#set! operation "insert")) @access
