; github.com/jackc/pgx v4 and v5 with pgxpool and pgconn: queries, batches, COPY, transactions.
; Known misses: pgx.Identifier built at run time; the rows of a batch are not tied to its statements.

; A fork.
(stub "github.com/yugabyte/pgx.Batch" same: "github.com/jackc/pgx.Batch")
(stub "github.com/yugabyte/pgx.Conn" same: "github.com/jackc/pgx.Conn")
(stub "github.com/yugabyte/pgx.Tx" same: "github.com/jackc/pgx.Tx")
(stub "github.com/yugabyte/pgx/pgxpool.Pool" same: "github.com/jackc/pgx/pgxpool.Pool")
(stub ["github.com/yugabyte/pgx/pgxpool.New" "github.com/yugabyte/pgx/pgxpool.NewWithConfig"] returns: "github.com/jackc/pgx/pgxpool.Pool")

(stub ["github.com/jackc/pgx.Connect" "github.com/jackc/pgx.ConnectConfig"] returns: "github.com/jackc/pgx.Conn")
(stub ["github.com/jackc/pgx/pgxpool.New" "github.com/jackc/pgx/pgxpool.NewWithConfig" "github.com/jackc/pgx/pgxpool.Connect"
       "github.com/jackc/pgx/pgxpool.ConnectConfig"] returns: "github.com/jackc/pgx/pgxpool.Pool")
(stub "github.com/jackc/pgx/pgxpool.Pool.Acquire" returns: "github.com/jackc/pgx/pgxpool.Conn")
(stub ["github.com/jackc/pgx/pgxpool.Conn.Conn" "github.com/jackc/pgx.Tx.Conn"] returns: "github.com/jackc/pgx.Conn")
(stub ["github.com/jackc/pgx.Conn.Begin" "github.com/jackc/pgx.Conn.BeginTx" "github.com/jackc/pgx.Tx.Begin"
       "github.com/jackc/pgx/pgxpool.Pool.Begin" "github.com/jackc/pgx/pgxpool.Pool.BeginTx"
       "github.com/jackc/pgx/pgxpool.Conn.Begin" "github.com/jackc/pgx/pgxpool.Conn.BeginTx"] returns: "github.com/jackc/pgx.Tx")
(stub "github.com/jackc/pgx/pgxpool.Tx" extends: "github.com/jackc/pgx.Tx")
(stub ["github.com/jackc/pgx.Conn.Query" "github.com/jackc/pgx.Tx.Query" "github.com/jackc/pgx/pgxpool.Pool.Query"
       "github.com/jackc/pgx/pgxpool.Conn.Query"] returns: "github.com/jackc/pgx.Rows")
(stub ["github.com/jackc/pgx.Conn.QueryRow" "github.com/jackc/pgx.Tx.QueryRow" "github.com/jackc/pgx/pgxpool.Pool.QueryRow"
       "github.com/jackc/pgx/pgxpool.Conn.QueryRow"] returns: "github.com/jackc/pgx.Row")

((call receiver: (_) @_db method: ["Query" "QueryRow" "Exec" "QueryFunc"] argument[1]: (string) @embedded.sql
  (#type? @_db "github.com/jackc/pgx.Conn" "github.com/jackc/pgx.Tx" "github.com/jackc/pgx/pgxpool.Pool"
               "github.com/jackc/pgx/pgxpool.Conn" "github.com/jackc/pgx/pgconn.PgConn")
  (#set! access.untyped "likely")
  (#set! sql.dialect "postgres")))

; A prepared statement is run by its name.
((call receiver: (_) @_db method: "Prepare" argument[1]: (string) @embedded.name argument[2]: (string) @embedded.sql
  (#type? @_db "github.com/jackc/pgx.Conn" "github.com/jackc/pgx.Tx" "github.com/jackc/pgx/pgconn.PgConn")
  (#set! sql.dialect "postgres") (#set! sql.prepares)))

((call receiver: (_) @_batch method: "Queue" argument[0]: (string) @embedded.sql
  (#type? @_batch "github.com/jackc/pgx.Batch")
  (#set! sql.dialect "postgres")))

; COPY: the last part of the identifier is the table.
((call receiver: (_) @access.receiver method: "CopyFrom" argument[1]: (construct field[-1]: (text) @access.target)
  (#type? @access.receiver "github.com/jackc/pgx.Conn" "github.com/jackc/pgx.Tx" "github.com/jackc/pgx/pgxpool.Pool"
                           "github.com/jackc/pgx/pgxpool.Conn")
  (#set! access.untyped "likely")
  (#set! access.target "name")
  (#set! operation "insert")) @access)

((call receiver: (_) @access.receiver method: "CopyFrom" argument[1]: (sequence item[-1]: (text) @access.target)
  (#type? @access.receiver "github.com/jackc/pgx.Conn" "github.com/jackc/pgx.Tx" "github.com/jackc/pgx/pgxpool.Pool"
                           "github.com/jackc/pgx/pgxpool.Conn")
  (#set! access.untyped "likely")
  (#set! access.target "name")
  (#set! operation "insert")) @access)

((call receiver: (_) @_db method: ["Begin" "BeginTx"]
  (#type? @_db "github.com/jackc/pgx.Conn" "github.com/jackc/pgx/pgxpool.Pool" "github.com/jackc/pgx/pgxpool.Conn")) @transaction)
((call receiver: (_) @_tx method: "Commit"
  (#type? @_tx "github.com/jackc/pgx.Tx")
  (#set! transaction.end "true")) @transaction)
((call callee: (_) @_f argument[-1]: (_) @transaction.body
  (#is? @_f "github.com/jackc/pgx.BeginFunc" "github.com/jackc/pgx.BeginTxFunc")) @transaction)
((call receiver: (_) @_db method: ["BeginFunc" "BeginTxFunc"] argument[-1]: (_) @transaction.body
  (#type? @_db "github.com/jackc/pgx.Conn" "github.com/jackc/pgx/pgxpool.Pool" "github.com/jackc/pgx/pgxpool.Conn")) @transaction)
