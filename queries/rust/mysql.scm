; mysql and mysql_async: statements as text on connections, pools and transactions, also on the text itself (`"..".with(..)`).
; Known misses: statements kept in structs, LOCAL INFILE handlers.

; What a call may fail with hides nothing.
(stub ["mysql::Result" "mysql_async::Result"] wraps: 0)

(stub ["mysql::Pool::get_conn" "mysql::Conn::new" "mysql_async::Pool::get_conn" "mysql_async::Conn::new" "mysql_async::Conn::from_url"]
  returns: "mysql::Conn")
(stub ["mysql::PooledConn" "mysql::Transaction" "mysql_async::Conn" "mysql_async::Transaction" "mysql_async::prelude::Queryable"
       "mysql::prelude::Queryable" "r2d2_mysql::mysql::Conn"] extends: "mysql::Conn")
(stub ["mysql::Conn::start_transaction" "mysql::Pool::start_transaction" "mysql_async::Pool::start_transaction"] returns: "mysql::Transaction")
(stub ["mysql::Conn::prep"] returns: "mysql::Statement")

(call receiver: (_) @_connection
  method: ["query" "query_drop" "query_iter" "query_first" "query_map" "query_fold" "query_opt" "query_stream" "prep"
           "exec" "exec_drop" "exec_iter" "exec_first" "exec_map" "exec_fold" "exec_opt" "exec_batch" "exec_stream"]
  argument[0]: (string) @embedded.sql
  (#not-type? @embedded.sql "mysql::Statement")
  (#type? @_connection "mysql::Conn")
  (#set! sql.dialect "mysql"))
; The text first: "SELECT ..".with(params).map(&mut connection, ..).
(call receiver: (call receiver: (text) @embedded.sql method: "with") method: ["ignore" "run" "fetch" "first" "map" "fold" "batch" "reduce"]
  argument[0]: (_) @_connection
  (#type? @_connection "mysql::Conn")
  (#set! sql.dialect "mysql"))
(call receiver: (text) @embedded.sql method: ["ignore" "run" "fetch" "first"] argument[0]: (_) @_connection
  (#type? @_connection "mysql::Conn")
  (#set! sql.dialect "mysql"))

(call receiver: (_) @_connection method: "start_transaction"
  (#type? @_connection "mysql::Conn" "mysql::Pool" "mysql_async::Pool")) @transaction
(call receiver: (_) @_transaction method: ["commit" "rollback"]
  (#type? @_transaction "mysql::Transaction" "mysql_async::Transaction")
  (#set! transaction.end)) @transaction
