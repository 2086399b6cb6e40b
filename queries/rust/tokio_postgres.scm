; tokio-postgres, postgres, deadpool-postgres, bb8-postgres: SQL text on clients and transactions, prepared statements.
; What is prepared counts where it is run, also from a struct that keeps it. Values that rusqlite binds (`params!`) are no text.
; Known misses: COPY through a writer.

(stub ["tokio_postgres::Transaction" "tokio_postgres::GenericClient" "deadpool_postgres::Client" "deadpool_postgres::ClientWrapper"
       "deadpool_postgres::Object" "deadpool_postgres::Transaction" "deadpool_postgres::GenericClient" "bb8::PooledConnection"
       "postgres::Client" "postgres::Transaction" "postgres::GenericClient" "r2d2_postgres::postgres::Client" "cornucopia_async::GenericClient"]
  extends: "tokio_postgres::Client")
(stub ["deadpool_postgres::Pool::get" "deadpool::managed::Pool::get"] returns: "deadpool_postgres::Client")
(stub ["bb8::Pool::get" "bb8::Pool::dedicated_connection"] returns: "bb8::PooledConnection")
(stub ["tokio_postgres::connect" "tokio_postgres::Config::connect" "postgres::Client::connect"] returns: "tokio_postgres::Client")
(stub "tokio_postgres::Client::transaction" returns: "tokio_postgres::Transaction")
(stub ["tokio_postgres::Client::prepare" "tokio_postgres::Client::prepare_cached" "tokio_postgres::Client::prepare_typed"
       "tokio_postgres::Client::prepare_typed_cached"]
  returns: "tokio_postgres::Statement" text: argument[0])

(call receiver: (_) @_client
  method: ["query" "query_one" "query_opt" "query_raw" "query_typed" "query_scalar" "execute" "execute_raw" "batch_execute" "simple_query"
           "copy_in" "copy_out"]
  argument[0]: (string) @embedded.sql
  (#not-type? @embedded.sql "tokio_postgres::Statement")
  (#not-any-of? @embedded.sql "params!" "named_params!")
  (#type? @_client "tokio_postgres::Client") (#set! access.untyped "likely"))
(call receiver: (_) @_client method: ["prepare" "prepare_cached" "prepare_typed" "prepare_typed_cached"]
  argument[0]: (string) @embedded.sql
  (#type? @_client "tokio_postgres::Client") (#set! access.untyped "likely") (#set! sql.prepares))
(call receiver: (_) @_client method: ["query" "query_one" "query_opt" "query_raw" "execute" "execute_raw" "copy_in" "copy_out"]
  argument[0]: (_) @embedded.sql
  (#not-any-of? @embedded.sql "params!" "named_params!")
  (#type? @_client "tokio_postgres::Client") (#type? @embedded.sql "tokio_postgres::Statement") (#set! access.untyped "likely") (#set! sql.prepared))

(call receiver: (_) @_client method: "transaction"
  (#type? @_client "tokio_postgres::Client")) @transaction
(call receiver: (call receiver: (_) @_client method: "build_transaction") method: "start"
  (#type? @_client "tokio_postgres::Client")) @transaction
(call receiver: (_) @_transaction method: ["commit" "rollback"]
  (#type? @_transaction "tokio_postgres::Transaction" "deadpool_postgres::Transaction" "postgres::Transaction")
  (#set! transaction.end)) @transaction
