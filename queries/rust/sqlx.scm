; sqlx 0.5 to 0.9: query functions and macros, query files, executors, the query builder, transactions.
; Known misses: SQL kept in a database, builders handed across functions, `Transaction` begun through a generic `Acquire`.

; A text of which somebody said that it is safe.
(stub ["sqlx::AssertSqlSafe" "sqlx::sql_str::AssertSqlSafe"] returns: argument[0])

; What a call may fail with hides nothing.
(stub ["sqlx::Result" "sqlx::error::Result"] wraps: 0)

(stub ["sqlx::PgPool" "sqlx::MySqlPool" "sqlx::SqlitePool" "sqlx::AnyPool" "sqlx::postgres::PgPool" "sqlx::mysql::MySqlPool"
       "sqlx::sqlite::SqlitePool" "sqlx::any::AnyPool" "sqlx::pool::Pool" "sqlx_core::pool::Pool"]
  same: "sqlx::Pool")
(stub ["sqlx::Pool::connect" "sqlx::Pool::connect_lazy" "sqlx::Pool::connect_with" "sqlx::Pool::connect_lazy_with"
       "sqlx::PgPool::connect" "sqlx::PgPool::connect_lazy" "sqlx::PgPool::connect_with" "sqlx::PgPool::connect_lazy_with"
       "sqlx::SqlitePool::connect" "sqlx::SqlitePool::connect_lazy" "sqlx::SqlitePool::connect_with"
       "sqlx::MySqlPool::connect" "sqlx::MySqlPool::connect_lazy" "sqlx::MySqlPool::connect_with"]
  returns: "sqlx::Pool")
(stub ["sqlx::postgres::PgPoolOptions" "sqlx::mysql::MySqlPoolOptions" "sqlx::sqlite::SqlitePoolOptions" "sqlx::any::AnyPoolOptions"]
  same: "sqlx::pool::PoolOptions")
(stub ["sqlx::pool::PoolOptions::new" "sqlx::postgres::PgPoolOptions::new" "sqlx::mysql::MySqlPoolOptions::new"
       "sqlx::sqlite::SqlitePoolOptions::new"] returns: "sqlx::pool::PoolOptions")
(stub ["sqlx::pool::PoolOptions::connect" "sqlx::pool::PoolOptions::connect_lazy" "sqlx::pool::PoolOptions::connect_with"
       "sqlx::pool::PoolOptions::connect_lazy_with"] returns: "sqlx::Pool")
(stub "sqlx::pool::PoolOptions::*" returns: self)
(stub ["sqlx::Pool::begin" "sqlx::Pool::begin_with" "sqlx::Pool::try_begin" "sqlx::pool::PoolConnection::begin" "sqlx::Connection::begin"
       "sqlx::Transaction::begin" "sqlx::Acquire::begin"] returns: "sqlx::Transaction")
(stub ["sqlx::Pool::acquire" "sqlx::Pool::try_acquire" "sqlx::Acquire::acquire"] returns: "sqlx::pool::PoolConnection")
(stub ["sqlx::pool::PoolConnection" "sqlx::PgConnection" "sqlx::MySqlConnection" "sqlx::SqliteConnection" "sqlx::AnyConnection"
       "sqlx::postgres::PgConnection" "sqlx::mysql::MySqlConnection" "sqlx::sqlite::SqliteConnection" "sqlx::Transaction"]
  extends: "sqlx::Connection")
(stub ["sqlx::Pool" "sqlx::Connection"] extends: "sqlx::Executor")
(stub ["sqlx::PgExecutor" "sqlx::MySqlExecutor" "sqlx::SqliteExecutor" "sqlx::PgTransaction" "sqlx::SqliteTransaction"]
  extends: "sqlx::Connection")
(stub ["sqlx::QueryBuilder::new" "sqlx::QueryBuilder::with_arguments" "sqlx::query_builder::QueryBuilder::new"]
  returns: "sqlx::QueryBuilder")
(stub "sqlx::query_builder::QueryBuilder" same: "sqlx::QueryBuilder")
(stub ["sqlx::QueryBuilder::push" "sqlx::QueryBuilder::push_bind" "sqlx::QueryBuilder::push_values" "sqlx::QueryBuilder::push_tuples"
       "sqlx::QueryBuilder::separated"] returns: self)

; query("..") and its kin.
(call callee: [(name ["query" "query_as" "query_scalar" "query_with" "query_as_with" "query_scalar_with" "raw_sql"])
               (member name: ["query" "query_as" "query_scalar" "query_with" "query_as_with" "query_scalar_with" "raw_sql"])] @_query
  argument[0]: (string) @embedded.sql
  (#is? @_query "sqlx::query" "sqlx::query_as" "sqlx::query_scalar" "sqlx::query_with" "sqlx::query_as_with"
    "sqlx::query_scalar_with" "sqlx::raw_sql" "sqlx::query::query" "sqlx::query_as::query_as" "sqlx::query_scalar::query_scalar"))

; The macros, checked against a database when they compile. A bare name may be another crate's macro.
(call callee: (member base: (name "sqlx") name: ["query!" "query_unchecked!" "query_scalar!" "query_scalar_unchecked!"]) @_macro argument[0]: (string) @embedded.sql
  (#is? @_macro "sqlx::*"))
(call callee: (name ["query!" "query_unchecked!" "query_scalar!" "query_scalar_unchecked!"]) argument[0]: (string) @embedded.sql)
(call callee: (member base: (name "sqlx") name: ["query_as!" "query_as_unchecked!"]) @_macro argument[1]: (string) @embedded.sql
  (#is? @_macro "sqlx::*"))
(call callee: (name ["query_as!" "query_as_unchecked!"]) argument[1]: (string) @embedded.sql)
(call callee: [(name ["query_file!" "query_file_unchecked!" "query_file_scalar!" "query_file_scalar_unchecked!"]) (member base: (name "sqlx") name: ["query_file!" "query_file_unchecked!" "query_file_scalar!" "query_file_scalar_unchecked!"])] argument[0]: (text) @embedded.sql
  (#set! sql.file))
(call callee: [(name ["query_file_as!" "query_file_as_unchecked!"]) (member base: (name "sqlx") name: ["query_file_as!" "query_file_as_unchecked!"])] argument[1]: (text) @embedded.sql
  (#set! sql.file))

; SQL text given to an executor.
(call receiver: (_) @_executor
  method: ["execute" "execute_many" "fetch" "fetch_many" "fetch_all" "fetch_one" "fetch_optional" "prepare" "prepare_with" "describe"]
  argument[0]: (string) @embedded.sql
  (#type? @_executor "sqlx::Executor"))

; The builder: its first text is a statement, each further one a clause.
(call callee: (member base: (_) @_builder name: ["new" "with_arguments"]) argument[0]: (string) @embedded.sql
  (#is? @_builder "sqlx::QueryBuilder"))
(call receiver: (_) @_builder method: "push" argument[0]: (string) @embedded.sql
  (#match? @embedded.sql "(?i)\\b(from|join|into|update)\\b")
  (#type? @_builder "sqlx::QueryBuilder")
  (#set! sql.fragment))

; Transactions.
(call receiver: (_) @_pool method: ["begin" "begin_with" "try_begin"]
  (#type? @_pool "sqlx::Executor" "sqlx::Acquire")) @transaction
(call receiver: (_) @_connection method: "transaction" argument[0]: (function) @transaction.body
  (#type? @_connection "sqlx::Connection")) @transaction
(call receiver: (_) @_transaction method: ["commit" "rollback"]
  (#type? @_transaction "sqlx::Transaction")
  (#set! transaction.end)) @transaction
