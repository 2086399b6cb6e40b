; rusqlite, r2d2_sqlite, tokio-rusqlite: SQL text on connections and transactions, prepared statements, batches.
; Known misses: statements kept in structs, the backup and blob interfaces.

; What a call may fail with hides nothing.
(stub ["rusqlite::Result" "tokio_rusqlite::Result"] wraps: 0)

(stub ["rusqlite::Connection::open" "rusqlite::Connection::open_in_memory" "rusqlite::Connection::open_with_flags"]
  returns: "rusqlite::Connection")
(stub ["rusqlite::Transaction" "rusqlite::Savepoint" "r2d2_sqlite::rusqlite::Connection"] extends: "rusqlite::Connection")
(stub ["rusqlite::Connection::transaction" "rusqlite::Connection::unchecked_transaction" "rusqlite::Connection::transaction_with_behavior"
       "rusqlite::Transaction::new" "rusqlite::Transaction::new_unchecked"]
  returns: "rusqlite::Transaction")
(stub ["rusqlite::Connection::savepoint" "rusqlite::Transaction::savepoint"] returns: "rusqlite::Savepoint")
(stub ["rusqlite::Connection::prepare" "rusqlite::Connection::prepare_cached"] returns: "rusqlite::Statement")
(stub ["rusqlite::CachedStatement"] extends: "rusqlite::Statement")
(stub ["rusqlite::Connection::lock" "rusqlite::Connection::borrow" "rusqlite::Connection::read" "rusqlite::Connection::write"] returns: self)
(stub ["r2d2::PooledConnection" "r2d2_sqlite::SqliteConnectionManager"] extends: "rusqlite::Connection")
(stub ["r2d2::Pool::get" "r2d2::Pool::get_timeout"] returns: "r2d2::PooledConnection")

(call receiver: (_) @_connection
  method: ["execute" "execute_named" "execute_batch" "prepare" "prepare_cached" "prepare_with_flags" "query_row" "query_row_named"
           "query_row_and_then" "query_one"]
  argument[0]: (string) @embedded.sql
  (#type? @_connection "rusqlite::Connection" "r2d2::PooledConnection" "diesel::r2d2::PooledConnection")
  (#set! sql.dialect "sqlite"))

(call receiver: (_) @_connection
  method: ["transaction" "unchecked_transaction" "transaction_with_behavior" "savepoint"]
  (#type? @_connection "rusqlite::Connection" "r2d2::PooledConnection" "diesel::r2d2::PooledConnection")) @transaction
(call receiver: (_) @_transaction method: ["commit" "rollback" "finish"]
  (#type? @_transaction "rusqlite::Transaction" "rusqlite::Savepoint")
  (#set! transaction.end)) @transaction
