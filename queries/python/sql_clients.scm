; Clients that take SQL as text and are no DB-API, and what names its table beside them: clickhouse-connect, clickhouse-driver, Cassandra's
; driver, Spanner, BigQuery, DuckDB's connections, sqlite-utils, dataset, records, frames of pandas and Polars.
; Known misses: user types of CQL, tables that a BigQuery reference object names, Spanner transactions that a function is handed.

; ClickHouse. A client of clickhouse-connect has no `execute`; programs give it one.
(stub ["clickhouse_connect.get_client" "clickhouse_connect.create_client" "clickhouse_connect.get_async_client" "clickhouse_connect.create_async_client"
       "clickhouse_connect.driver.create_client" "clickhouse_connect.driver.create_async_client"] returns: "clickhouse_connect.driver.client.Client")
(stub ["clickhouse_connect.driver.Client" "clickhouse_connect.driver.AsyncClient" "clickhouse_connect.driver.asyncclient.AsyncClient"
       "clickhouse_connect.driver.httpclient.HttpClient"] same: "clickhouse_connect.driver.client.Client")
((call receiver: (_) @access.receiver
   method: ["query" "execute" "query_np" "query_df" "query_arrow" "query_df_arrow" "raw_query" "raw_stream" "command" "query_column_block_stream"
            "query_row_block_stream" "query_rows_stream" "query_np_stream" "query_df_stream" "query_arrow_stream"]
   [argument[0]: (string) @embedded.sql keyword[query]: (string) @embedded.sql keyword[cmd]: (string) @embedded.sql])
  (#type? @access.receiver "clickhouse_connect.driver.client.Client") (#set! sql.dialect "clickhouse"))
((call receiver: (_) @access.receiver method: ["insert" "insert_df" "insert_arrow" "insert_df_arrow" "raw_insert"]
   [argument[0]: (string) @access.target keyword[table]: (string) @access.target]) @access
  (#type? @access.receiver "clickhouse_connect.driver.client.Client")
  (#set! access.target "name") (#set! operation "insert"))
(stub ["clickhouse_driver.client.Client" "clickhouse_driver.Client.from_url" "aioch.Client"] same: "clickhouse_driver.Client")
((call receiver: (_) @access.receiver method: ["execute" "execute_iter" "execute_with_progress" "query_dataframe" "insert_dataframe"]
   [argument[0]: (string) @embedded.sql keyword[query]: (string) @embedded.sql])
  (#type? @access.receiver "clickhouse_driver.Client") (#set! sql.dialect "clickhouse"))

; Cassandra: CQL reads like SQL.
(stub "cassandra.cluster.Cluster.connect" returns: "cassandra.cluster.Session")
((call receiver: (_) @access.receiver method: ["execute" "execute_async"]
   [argument[0]: (string) @embedded.sql keyword[query]: (string) @embedded.sql])
  (#type? @access.receiver "cassandra.cluster.Session"))
((call receiver: (_) @access.receiver method: "prepare" [argument[0]: (string) @embedded.sql keyword[query]: (string) @embedded.sql])
  (#type? @access.receiver "cassandra.cluster.Session") (#set! sql.prepares "true"))
(stub "cassandra.cluster.Session.prepare" returns: "cassandra.query.PreparedStatement" text: argument[0])
((call receiver: (_) @access.receiver method: ["execute" "execute_async" "execute_concurrent"] argument[0]: (_) @embedded.sql)
  (#type? @access.receiver "cassandra.cluster.Session") (#type? @embedded.sql "cassandra.query.PreparedStatement") (#set! sql.prepared "true"))
((call callee: (_) @_statement [argument[0]: (string) @embedded.sql keyword[query_string]: (string) @embedded.sql])
  (#is? @_statement "cassandra.query.SimpleStatement"))
((call receiver: (_) @access.receiver method: "add" argument[0]: (string) @embedded.sql)
  (#type? @access.receiver "cassandra.query.BatchStatement"))

; Spanner: statements, reads by key, and mutations that name their table. A transaction is handed to a function of the program's own, so its type
; is often unknown.
(stub "google.cloud.spanner.Client.instance" returns: "google.cloud.spanner_v1.instance.Instance")
(stub "google.cloud.spanner_v1.Client" same: "google.cloud.spanner.Client")
(stub "google.cloud.spanner_v1.instance.Instance.database" returns: "google.cloud.spanner_v1.database.Database")
(stub "google.cloud.spanner_v1.database.Database.snapshot" returns: "google.cloud.spanner_v1.snapshot.Snapshot")
(stub "google.cloud.spanner_v1.database.Database.batch" returns: "google.cloud.spanner_v1.batch.Batch")
((call receiver: (_) @access.receiver method: ["execute_sql" "execute_update" "execute_partitioned_dml"]
   [argument[0]: (string) @embedded.sql keyword[sql]: (string) @embedded.sql keyword[dml]: (string) @embedded.sql])
  (#type? @access.receiver "google.cloud.spanner_v1.snapshot.Snapshot" "google.cloud.spanner_v1.transaction.Transaction"
          "google.cloud.spanner_v1.database.Database")
  (#set! access.untyped "likely"))
((call receiver: (_) @access.receiver method: "read" [argument[0]: (string) @access.target keyword[table]: (string) @access.target]) @access
  (#type? @access.receiver "google.cloud.spanner_v1.snapshot.Snapshot" "google.cloud.spanner_v1.transaction.Transaction")
  (#set! access.target "name") (#set! operation "select"))
((call receiver: (_) @access.receiver method: ["insert" "update" "insert_or_update" "replace" "delete"] @access.verb
   [argument[0]: (string) @access.target keyword[table]: (string) @access.target]) @access
  (#type? @access.receiver "google.cloud.spanner_v1.batch.Batch" "google.cloud.spanner_v1.transaction.Transaction")
  (#set! access.target "name")
  (#set! access.insert "insert") (#set! access.update "update") (#set! access.upsert "insert_or_update replace") (#set! access.delete "delete"))

; BigQuery.
((call receiver: (_) @access.receiver method: ["query" "query_and_wait"]
   [argument[0]: (string) @embedded.sql keyword[query]: (string) @embedded.sql])
  (#type? @access.receiver "google.cloud.bigquery.Client") (#set! sql.dialect "bigquery"))

; DuckDB: what its connections take beside `execute`.
((call receiver: (_) @access.receiver method: ["sql" "query"] [argument[0]: (string) @embedded.sql keyword[query]: (string) @embedded.sql])
  (#type? @access.receiver "duckdb.DuckDBPyConnection"))

; sqlite-utils, dataset and records: tables by index, and statements.
(stub ["sqlite_utils.db.Database"] same: "sqlite_utils.Database")
(stub "sqlite_utils.Database.[]" is: "sqlite_utils.db.Table" subject: index)
(stub "sqlite_utils.Database.table" returns: "sqlite_utils.db.Table" subject: argument[0])
((call receiver: (_) @access.receiver method: _ @access.verb) @access
  (#type? @access.receiver "sqlite_utils.db.Table")
  (#set! access.select "get search rows_where pks_and_rows_where count_where") (#set! access.insert "insert insert_all") (#set! access.upsert "upsert upsert_all")
  (#set! access.update "update convert") (#set! access.delete "delete delete_where")
  (#set! access.ddl "create drop transform add_column create_index enable_fts add_foreign_key"))
((call receiver: (_) @access.receiver method: ["query" "execute" "executescript"] [argument[0]: (string) @embedded.sql keyword[sql]: (string) @embedded.sql])
  (#type? @access.receiver "sqlite_utils.Database") (#set! sql.dialect "sqlite"))
(stub "dataset.connect" returns: "dataset.database.Database")
(stub "dataset.Database" same: "dataset.database.Database")
(stub "dataset.database.Database.[]" is: "dataset.table.Table" subject: index)
(stub ["dataset.database.Database.get_table" "dataset.database.Database.load_table" "dataset.database.Database.create_table"]
  returns: "dataset.table.Table" subject: argument[0])
((call receiver: (_) @access.receiver method: _ @access.verb) @access
  (#type? @access.receiver "dataset.table.Table")
  (#set! access.select "find find_one all distinct count") (#set! access.insert "insert insert_many insert_ignore") (#set! access.upsert "upsert upsert_many")
  (#set! access.update "update update_many") (#set! access.delete "delete")
  (#set! access.ddl "create_column create_index drop drop_column"))
((call receiver: (_) @access.receiver method: "query" [argument[0]: (string) @embedded.sql keyword[query]: (string) @embedded.sql])
  (#type? @access.receiver "dataset.database.Database"))
(stub "records.Database.get_connection" returns: "records.Database")
((call receiver: (_) @access.receiver method: ["query" "bulk_query"] argument[0]: (string) @embedded.sql)
  (#type? @access.receiver "records.Database"))

; Frames.
((call callee: (_) @_read [argument[0]: (string) @access.target keyword[table_name]: (string) @access.target]) @access
  (#is? @_read "pandas.read_sql_table")
  (#set! access.target "name") (#set! operation "select"))
((call receiver: (_) @access.receiver method: "to_sql" [argument[0]: (string) @access.target keyword[name]: (string) @access.target]) @access
  (#type? @access.receiver "pandas.DataFrame" "pandas.Series")
  (#set! access.target "name") (#set! operation "insert") (#set! access.untyped "likely"))
((call receiver: (_) @access.receiver method: "write_database" [argument[0]: (string) @access.target keyword[table_name]: (string) @access.target]) @access
  (#type? @access.receiver "polars.DataFrame")
  (#set! access.target "name") (#set! operation "insert") (#set! access.untyped "likely"))
