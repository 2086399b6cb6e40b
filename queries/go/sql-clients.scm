; Clients that take SQL as text and are no database/sql: scany (pgxscan, sqlscan), zombiezen.com/go/sqlite and
; crawshaw.io/sqlite, gocql, clickhouse-go's own interface, gorqlite, Google's spanner and bigquery.
; Known misses: tables that a bigquery handle names, user types of CQL.

; scany: what it scans, it queries.
((call callee: (_) @_f argument[3]: (string) @embedded.sql
  (#is? @_f "github.com/georgysavva/scany/pgxscan.Select" "github.com/georgysavva/scany/v2/pgxscan.Select"
            "github.com/georgysavva/scany/pgxscan.Get" "github.com/georgysavva/scany/v2/pgxscan.Get"
            "github.com/georgysavva/scany/sqlscan.Select" "github.com/georgysavva/scany/v2/sqlscan.Select"
            "github.com/georgysavva/scany/sqlscan.Get" "github.com/georgysavva/scany/v2/sqlscan.Get")))

; SQLite without database/sql.
(stub "crawshaw.io/sqlite.Conn" same: "zombiezen.com/go/sqlite.Conn")
(stub ["zombiezen.com/go/sqlite.OpenConn" "crawshaw.io/sqlite.OpenConn"] returns: "zombiezen.com/go/sqlite.Conn")
(stub ["zombiezen.com/go/sqlite/sqlitex.NewPool" "zombiezen.com/go/sqlite/sqlitex.Open" "crawshaw.io/sqlite/sqlitex.Open"]
  returns: "zombiezen.com/go/sqlite/sqlitex.Pool")
(stub "crawshaw.io/sqlite/sqlitex.Pool" same: "zombiezen.com/go/sqlite/sqlitex.Pool")
(stub ["zombiezen.com/go/sqlite/sqlitex.Pool.Get" "zombiezen.com/go/sqlite/sqlitex.Pool.Take"] returns: "zombiezen.com/go/sqlite.Conn")
((call callee: (_) @_f argument[1]: (string) @embedded.sql
  (#is? @_f "zombiezen.com/go/sqlite/sqlitex.Execute" "zombiezen.com/go/sqlite/sqlitex.ExecuteTransient"
            "zombiezen.com/go/sqlite/sqlitex.ExecuteScript" "zombiezen.com/go/sqlite/sqlitex.ExecScript"
            "zombiezen.com/go/sqlite/sqlitex.Exec" "zombiezen.com/go/sqlite/sqlitex.ExecTransient"
            "crawshaw.io/sqlite/sqlitex.Exec" "crawshaw.io/sqlite/sqlitex.ExecTransient" "crawshaw.io/sqlite/sqlitex.ExecScript")
  (#set! sql.dialect "sqlite")))
((call receiver: (_) @_conn method: ["Prep" "Prepare" "PrepareTransient"] argument[0]: (string) @embedded.sql
  (#type? @_conn "zombiezen.com/go/sqlite.Conn")
  (#set! sql.dialect "sqlite")))
((call callee: (_) @_f argument[0]: (_)
  (#is? @_f "zombiezen.com/go/sqlite/sqlitex.Save" "zombiezen.com/go/sqlite/sqlitex.Transaction"
            "zombiezen.com/go/sqlite/sqlitex.ImmediateTransaction" "zombiezen.com/go/sqlite/sqlitex.ExclusiveTransaction"
            "crawshaw.io/sqlite/sqlitex.Save")) @transaction)

; Cassandra: CQL reads like SQL.
(stub ["github.com/gocql/gocql.NewSession" "github.com/gocql/gocql.ClusterConfig.CreateSession"] returns: "github.com/gocql/gocql.Session")
(stub "github.com/gocql/gocql.NewCluster" returns: "github.com/gocql/gocql.ClusterConfig")
(stub ["github.com/gocql/gocql.Session.NewBatch" "github.com/gocql/gocql.Session.Batch" "github.com/gocql/gocql.NewBatch"]
  returns: "github.com/gocql/gocql.Batch")
((call receiver: (_) @_session method: "Query" argument[0]: (string) @embedded.sql
  (#type? @_session "github.com/gocql/gocql.Session" "github.com/gocql/gocql.Batch")))
(construct of: (_) @_entry field[Stmt]: (string) @embedded.sql
  (#is? @_entry "github.com/gocql/gocql.BatchEntry"))
(stub "github.com/yugabyte/gocql.Session" same: "github.com/gocql/gocql.Session")
(stub "github.com/yugabyte/gocql.Batch" same: "github.com/gocql/gocql.Batch")
(stub "github.com/yugabyte/gocql.BatchEntry" same: "github.com/gocql/gocql.BatchEntry")
(stub "github.com/yugabyte/gocql.ClusterConfig" same: "github.com/gocql/gocql.ClusterConfig")
(stub "github.com/yugabyte/gocql.NewCluster" returns: "github.com/gocql/gocql.ClusterConfig")

; ClickHouse by its own protocol.
(stub "github.com/ClickHouse/clickhouse-go.Open" returns: "github.com/ClickHouse/clickhouse-go/lib/driver.Conn")
(stub "github.com/ClickHouse/clickhouse-go.Conn" same: "github.com/ClickHouse/clickhouse-go/lib/driver.Conn")
((call receiver: (_) @_conn method: ["Query" "QueryRow" "Exec" "PrepareBatch" "AsyncInsert"] argument[1]: (string) @embedded.sql
  (#type? @_conn "github.com/ClickHouse/clickhouse-go/lib/driver.Conn")))
((call receiver: (_) @_conn method: "Select" argument[2]: (string) @embedded.sql
  (#type? @_conn "github.com/ClickHouse/clickhouse-go/lib/driver.Conn")))
; ch-go: the statement stands in a query, or is made of the columns that are sent into a table.
((construct of: (_) @_of field[Body]: (string) @embedded.sql
  (#is? @_of "github.com/ClickHouse/ch-go.Query")))
(stub "github.com/ClickHouse/ch-go.Dial" returns: "github.com/ClickHouse/ch-go.Client")
((call receiver: (_) @access.receiver method: "Into" argument[0]: (string) @access.target
  (#type? @access.receiver "github.com/ClickHouse/ch-go/proto.Input")
  (#set! access.target "name") (#set! operation "insert")) @access)

; rqlite.
(stub "github.com/rqlite/gorqlite.Open" returns: "github.com/rqlite/gorqlite.Connection")
((call receiver: (_) @_conn method: ["QueryOne" "WriteOne" "QueueOne" "RequestOne"] argument[0]: (string) @embedded.sql
  (#type? @_conn "github.com/rqlite/gorqlite.Connection") (#set! sql.dialect "sqlite")))
((construct of: (_) @_of field[Query]: (string) @embedded.sql
  (#is? @_of "github.com/rqlite/gorqlite.ParameterizedStatement") (#set! sql.dialect "sqlite")))

; Spanner: statements, reads by key, and mutations that name their table.
(stub ["cloud.google.com/go/spanner.NewClient" "cloud.google.com/go/spanner.NewClientWithConfig"] returns: "cloud.google.com/go/spanner.Client")
(stub ["cloud.google.com/go/spanner.Client.Single" "cloud.google.com/go/spanner.Client.ReadOnlyTransaction"]
  returns: "cloud.google.com/go/spanner.ReadOnlyTransaction")
((construct of: (_) @_of field[SQL]: (string) @embedded.sql
  (#is? @_of "cloud.google.com/go/spanner.Statement")))
((call callee: (_) @_f argument[0]: (string) @embedded.sql
  (#is? @_f "cloud.google.com/go/spanner.NewStatement")))
((call receiver: (_) @access.receiver method: ["Read" "ReadRow" "ReadWithOptions" "ReadUsingIndex" "ReadRowUsingIndex"] argument[1]: (string) @access.target
  (#type? @access.receiver "cloud.google.com/go/spanner.ReadOnlyTransaction" "cloud.google.com/go/spanner.ReadWriteTransaction")
  (#set! access.target "name") (#set! operation "select")) @access)
((call callee: (member base: (_) @_spanner name: ["Insert" "InsertMap" "InsertStruct" "InsertOrUpdate" "InsertOrUpdateMap" "InsertOrUpdateStruct"
                "Update" "UpdateMap" "UpdateStruct" "Replace" "ReplaceMap" "ReplaceStruct" "Delete"] @access.verb)
       argument[0]: (string) @access.target
  (#is? @_spanner "cloud.google.com/go/spanner")
  (#set! access.target "name")
  (#set! access.insert "Insert InsertMap InsertStruct")
  (#set! access.upsert "InsertOrUpdate InsertOrUpdateMap InsertOrUpdateStruct Replace ReplaceMap ReplaceStruct")
  (#set! access.update "Update UpdateMap UpdateStruct") (#set! access.delete "Delete")) @access)
((call receiver: (_) @_client method: "ReadWriteTransaction" argument[1]: (_) @transaction.body
  (#type? @_client "cloud.google.com/go/spanner.Client")) @transaction)

; BigQuery.
(stub "cloud.google.com/go/bigquery.NewClient" returns: "cloud.google.com/go/bigquery.Client")
((call receiver: (_) @_client method: "Query" argument[0]: (string) @embedded.sql
  (#type? @_client "cloud.google.com/go/bigquery.Client")))
