; Apache Airflow 1.10 to 3: SQL given to the hooks of databases and to the operators that run it.
; Known misses: statements in files that an operator finds by its template path.

(stub ["airflow.providers.postgres.hooks.postgres.PostgresHook" "airflow.providers.mysql.hooks.mysql.MySqlHook"
       "airflow.providers.sqlite.hooks.sqlite.SqliteHook" "airflow.providers.microsoft.mssql.hooks.mssql.MsSqlHook"
       "airflow.providers.odbc.hooks.odbc.OdbcHook" "airflow.providers.jdbc.hooks.jdbc.JdbcHook"
       "airflow.providers.snowflake.hooks.snowflake.SnowflakeHook" "airflow.providers.trino.hooks.trino.TrinoHook"
       "airflow.providers.presto.hooks.presto.PrestoHook" "airflow.providers.oracle.hooks.oracle.OracleHook"
       "airflow.providers.vertica.hooks.vertica.VerticaHook" "airflow.providers.exasol.hooks.exasol.ExasolHook"
       "airflow.providers.amazon.aws.hooks.redshift_sql.RedshiftSQLHook"
       "airflow.providers.databricks.hooks.databricks_sql.DatabricksSqlHook"
       "airflow.hooks.postgres_hook.PostgresHook" "airflow.hooks.mysql_hook.MySqlHook" "airflow.hooks.sqlite_hook.SqliteHook"
       "airflow.hooks.dbapi.DbApiHook" "airflow.hooks.dbapi_hook.DbApiHook"]
  extends: "airflow.providers.common.sql.hooks.sql.DbApiHook")
(stub "airflow.providers.common.sql.hooks.sql.DbApiHook.get_conn" returns: "psycopg2.extensions.connection")
(stub "airflow.providers.common.sql.hooks.sql.DbApiHook.get_cursor" returns: "psycopg2.extensions.connection")

((call receiver: (_) @access.receiver
       method: ["run" "get_records" "get_first" "get_pandas_df" "get_pandas_df_by_chunks" "get_df" "get_df_by_chunks" "bulk_dump_query"]
       [argument[0]: (string) @embedded.sql keyword[sql]: (string) @embedded.sql])
  (#type? @access.receiver "airflow.providers.common.sql.hooks.sql.DbApiHook"))
((call receiver: (_) @access.receiver method: "insert_rows" [argument[0]: (string) @access.target keyword[table]: (string) @access.target]) @access
  (#type? @access.receiver "airflow.providers.common.sql.hooks.sql.DbApiHook")
  (#set! access.target "name") (#set! operation "insert"))

((call callee: (_) @_operator keyword[sql]: (string) @embedded.sql)
  (#is? @_operator "airflow.providers.common.sql.operators.sql.SQLExecuteQueryOperator"
                   "airflow.providers.postgres.operators.postgres.PostgresOperator"
                   "airflow.providers.mysql.operators.mysql.MySqlOperator"
                   "airflow.providers.sqlite.operators.sqlite.SqliteOperator"
                   "airflow.providers.snowflake.operators.snowflake.SnowflakeOperator"
                   "airflow.operators.postgres_operator.PostgresOperator"
                   "airflow.operators.mysql_operator.MySqlOperator"))
