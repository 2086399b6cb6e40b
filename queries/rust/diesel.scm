; diesel 1.4 and 2.x, diesel-async, async-bb8-diesel (`load_async`): schema.rs, models, the query DSL, writes, joins, SQL text, transactions.
; `table!` declares a type for each table (see docs/languages.md); every query is a value of that type.
; Known misses: boxed queries handed across functions, generic query functions.

; What a call may fail with hides nothing.
(stub ["diesel::QueryResult" "diesel::result::QueryResult" "diesel::prelude::QueryResult"] wraps: 0)

(stub "table!" same: "diesel::table!")
(stub ["diesel::table!::get_result" "diesel::table!::first" "diesel::table!::get_result_async" "diesel::table!::first_async"
       "diesel::table!::load" "diesel::table!::get_results" "diesel::table!::load_async" "diesel::table!::get_results_async"] returns: "diesel::Rows!")
(stub "diesel::table!::*" returns: self)
; Rows that were fetched are no query.
(stub "diesel::Rows!::*" returns: self)
; Another name of a table: `alias!(users as authors)`, or a constant `alias!(users as authors: Authors)`.
(stub ["diesel::alias!" "alias!"] returns: instance[0])

; Tables of schema.rs.
(definition kind: "type" base: [(name "table!") (member name: "table!")] value: (text) @entity.store
  (#set! entity.columns "fields") (#set! column.optional "Nullable")
  (#set! column.types "Int2=SMALLINT SmallInt=SMALLINT Int4=INTEGER Integer=INTEGER Int8=BIGINT BigInt=BIGINT Text=TEXT Varchar=VARCHAR VarChar=VARCHAR Bool=BOOLEAN
    Float=REAL Float4=REAL Double=DOUBLE_PRECISION Float8=DOUBLE_PRECISION Numeric=NUMERIC Decimal=NUMERIC Timestamp=TIMESTAMP Timestamptz=TIMESTAMP_WITH_TIME_ZONE
    TimestamptzSqlite=TIMESTAMP_WITH_TIME_ZONE Date=DATE Time=TIME Interval=INTERVAL Binary=BYTEA Bytea=BYTEA Uuid=UUID Json=JSON Jsonb=JSONB")) @definition.entity
(definition kind: "field" attribute: (name "#key") inside: (definition base: [(name "table!") (member name: "table!")])
  (#set! column.primary)) @entity.column

; Foreign keys: joinable!(orders -> users (user_id)), and what belongs to a model.
(call callee: [(name "joinable!") (member name: "joinable!")] argument[0]: (name) @relation.of
  argument[1]: (call callee: (_) @entity.relation argument[0]: (name) @entity.column)) @relation
(definition kind: "type"
  attribute: (call callee: (name "diesel") argument: (call callee: (name "belongs_to") argument[0]: (_) @entity.relation
    keyword[foreign_key]: (name) @entity.column))) @relation
((definition kind: "type"
   attribute: (call callee: (name "diesel") argument: (call callee: (name "belongs_to") argument[0]: (_) @entity.relation)))
  @relation
  (#set! relation.column "{name|snake}_id"))

; Models: the table an attribute names, else the type's name in the plural where there is such a table.
(definition kind: "type" attribute: (call callee: (name "diesel") keyword[table_name]: (_) @entity.store)
  (#set! entity.extends "diesel::model!")) @definition.entity
(definition kind: "type" attribute: (call callee: (name "diesel") keyword[base_query]: (call) @entity.store)
  (#set! entity.extends "diesel::model!")) @definition.entity
(definition kind: "type" attribute: (call callee: (name "table_name") argument[0]: (_) @entity.store)
  (#set! entity.extends "diesel::model!")) @definition.entity
(definition kind: "type"
  attribute: (call callee: (name "derive")
    argument: [(name ["Identifiable" "Insertable" "AsChangeset" "Selectable" "HasQuery" "Associations"])
               (member name: ["Identifiable" "Insertable" "AsChangeset" "Selectable" "HasQuery" "Associations"])])
  (#set! entity.store "{name|snake}s")
  (#set! entity.existing)
  (#set! entity.extends "diesel::model!")) @definition.entity
(stub ["diesel::model!::belonging_to" "diesel::model!::query"] returns: "diesel::query!")
(stub ["diesel::query!::get_result" "diesel::query!::first" "diesel::query!::get_result_async" "diesel::query!::first_async"] returns: subject)
(stub ["diesel::query!::load" "diesel::query!::get_results" "diesel::query!::load_async" "diesel::query!::get_results_async"] returns: "diesel::Rows!")
(stub "diesel::query!::*" returns: self)

; Queries: users::table.filter(..).load(conn). Without a connection, `first()` is that of a list of rows.
(call receiver: (_) @_query
  method: ["load" "load_iter" "load_stream" "get_result" "get_results" "first"
           "load_async" "get_result_async" "get_results_async" "first_async"] argument[0]: (_)
  (#type? @_query "diesel::table!" "diesel::query!")
  (#set! operation "select")) @access
(call callee: [(name ["exists" "not_exists"]) (member name: ["exists" "not_exists"])] @_exists argument[0]: (_) @access.target
  (#is? @_exists "diesel::dsl::exists" "diesel::dsl::not_exists" "diesel::expression::exists::exists")
  (#set! operation "select")) @access
(call receiver: (_) method: ["eq_any" "ne_all"] argument[0]: (_) @access.target
  (#type? @access.target "diesel::table!" "diesel::query!")
  (#set! operation "select")) @access
(call receiver: (_) @_query method: ["inner_join" "left_join" "left_outer_join"] argument[0]: (_) @access.target
  (#type? @_query "diesel::table!" "diesel::query!")
  (#set! operation "select") (#set! access.join)) @access

; Writes wrap their target.
(call callee: [(name ["insert_into" "insert_or_ignore_into"]) (member name: ["insert_into" "insert_or_ignore_into"])] @_insert
  argument[0]: (_) @access.target
  (#is? @_insert "diesel::insert_into" "diesel::insert_or_ignore_into" "diesel::dsl::insert_into")
  (#set! operation "insert")) @access
(call callee: [(name "replace_into") (member name: "replace_into")] @_replace argument[0]: (_) @access.target
  (#is? @_replace "diesel::replace_into" "diesel::dsl::replace_into")
  (#set! operation "upsert")) @access
(call callee: [(name "update") (member name: "update")] @_update argument[0]: (_) @access.target
  (#is? @_update "diesel::update" "diesel::dsl::update")
  (#set! operation "update")) @access
(call callee: [(name "delete") (member name: "delete")] @_delete argument[0]: (_) @access.target
  (#is? @_delete "diesel::delete" "diesel::dsl::delete")
  (#set! operation "delete")) @access
(call receiver: (chain by: ["on_conflict" "on_conflict_on_constraint" "as_partial_index" "filter_target"] of: (call
    receiver: (call callee: [(name "insert_into") (member name: "insert_into")] @_insert argument[0]: (_) @access.target) @access
    method: ["values" "default_values"]))
  method: "do_update"
  (#is? @_insert "diesel::insert_into" "diesel::dsl::insert_into")
  (#set! operation "upsert"))
(call receiver: (_) @access.target method: "save_changes" argument[0]: (_)
  (#set! operation "update")) @access

; SQL text.
(call callee: [(name "sql_query") (member name: "sql_query")] @_query argument[0]: (string) @embedded.sql
  (#is? @_query "diesel::sql_query" "diesel::dsl::sql_query"))
(call receiver: (_) @_connection method: ["batch_execute" "batch_execute_async"] argument[0]: (string) @embedded.sql
  (#type? @_connection "diesel::Connection"))

; Connections.
(stub ["diesel::PgConnection" "diesel::pg::PgConnection" "diesel::SqliteConnection" "diesel::sqlite::SqliteConnection"
       "diesel::MysqlConnection" "diesel::mysql::MysqlConnection" "diesel::r2d2::PooledConnection" "r2d2::PooledConnection" "diesel_async::AsyncConnection"
       "diesel_async::AsyncPgConnection" "diesel_async::AsyncMysqlConnection" "diesel_async::pooled_connection::bb8::PooledConnection"
       "diesel_async::pooled_connection::deadpool::Object" "diesel::connection::Connection" "async_bb8_diesel::Connection"]
  extends: "diesel::Connection")
(stub "diesel::r2d2::Pool::get" returns: "diesel::r2d2::PooledConnection")
(stub "diesel_async::pooled_connection::bb8::Pool::get" returns: "diesel_async::pooled_connection::bb8::PooledConnection")
(stub "diesel_async::pooled_connection::deadpool::Pool::get" returns: "diesel_async::pooled_connection::deadpool::Object")

; Columns that a write gives: assignments, and the fields of a changeset or a new row.
(call receiver: (_) @_statement method: "set" argument[0]: (_) @access.row
  (#type? @_statement "diesel::update" "diesel::update::*" "diesel::dsl::update" "diesel::dsl::update::*")
  (#set! operation "columns")
  (#set! row.assigns "eq") (#set! row.types)) @access
(call receiver: (_) @_statement method: ["values" "set"] argument[0]: (_) @access.row
  (#type? @_statement "diesel::insert_into" "diesel::insert_into::*" "diesel::replace_into" "diesel::replace_into::*"
                      "diesel::insert_or_ignore_into" "diesel::insert_or_ignore_into::*")
  (#set! operation "columns")
  (#set! row.assigns "eq") (#set! row.types)) @access
(definition kind: "field" attribute: (call callee: (name "diesel") keyword[column_name]: (_) @column.name)) @entity.column

; Transactions.
(call receiver: (_) @_connection
  method: ["transaction" "immediate_transaction" "exclusive_transaction" "begin_test_transaction" "transaction_async"]
  argument[0]: (function) @transaction.body
  (#type? @_connection "diesel::Connection")
  (#set! access.untyped "likely")) @transaction
(call receiver: (call receiver: (_) method: "build_transaction") method: "run" argument[0]: (function) @transaction.body) @transaction
