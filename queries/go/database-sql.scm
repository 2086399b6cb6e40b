; database/sql, any driver: queries, statements, transactions. Also the drivers that only register themselves.
; A project's own interface over these methods (`DBTX`, `Querier`) counts as likely: its values are not known here.
; Known misses: SQL that reaches these calls through a parameter of a wrapper whose callers hold no literal.

(stub ["database/sql.Open" "database/sql.OpenDB" "github.com/jackc/pgx/stdlib.OpenDB" "github.com/jackc/pgx/stdlib.OpenDBFromPool"]
  returns: "database/sql.DB")
(stub "database/sql.DB.Conn" returns: "database/sql.Conn")
(stub ["database/sql.DB.Begin" "database/sql.DB.BeginTx" "database/sql.Conn.BeginTx"] returns: "database/sql.Tx")
(stub ["database/sql.DB.Prepare" "database/sql.Tx.Prepare" "database/sql.Tx.Stmt"] returns: "database/sql.Stmt" text: argument[0])
(stub ["database/sql.DB.PrepareContext" "database/sql.Tx.PrepareContext" "database/sql.Conn.PrepareContext"
       "database/sql.Tx.StmtContext"] returns: "database/sql.Stmt" text: argument[1])
(stub ["database/sql.DB.Query" "database/sql.DB.QueryContext" "database/sql.Tx.Query" "database/sql.Tx.QueryContext"
       "database/sql.Conn.QueryContext" "database/sql.Stmt.Query" "database/sql.Stmt.QueryContext"] returns: "database/sql.Rows")
(stub ["database/sql.DB.QueryRow" "database/sql.DB.QueryRowContext" "database/sql.Tx.QueryRow"
       "database/sql.Tx.QueryRowContext" "database/sql.Conn.QueryRowContext" "database/sql.Stmt.QueryRow"
       "database/sql.Stmt.QueryRowContext"] returns: "database/sql.Row")
(stub ["database/sql.DB.Exec" "database/sql.DB.ExecContext" "database/sql.Tx.Exec" "database/sql.Tx.ExecContext"
       "database/sql.Conn.ExecContext" "database/sql.Stmt.Exec" "database/sql.Stmt.ExecContext"] returns: "database/sql.Result")

; github.com/lib/pq: names in quotes, statements that copy rows in.
(stub "github.com/lib/pq.QuoteIdentifier" returns: argument[0])
((call callee: (_) @_copy argument[0]: (string) @access.target
  (#is? @_copy "github.com/lib/pq.CopyIn")
  (#set! access.target "name") (#set! operation "insert")) @access)
((call callee: (_) @_copy argument[1]: (string) @access.target
  (#is? @_copy "github.com/lib/pq.CopyInSchema")
  (#set! access.target "name") (#set! operation "insert")) @access)

((call receiver: (_) @_db method: ["Query" "QueryRow" "Exec"] argument[0]: (string) @embedded.sql
  (#type? @_db "database/sql.DB" "database/sql.Tx" "database/sql.Conn")
  (#set! access.untyped "likely")))

((call receiver: (_) @_db method: ["QueryContext" "QueryRowContext" "ExecContext"]
       argument[1]: (string) @embedded.sql
  (#type? @_db "database/sql.DB" "database/sql.Tx" "database/sql.Conn")
  (#set! access.untyped "likely")))

; A prepared statement counts where it is run, wherever it was kept in between.
((call receiver: (_) @_db method: "Prepare" argument[0]: (string) @embedded.sql
  (#type? @_db "database/sql.DB" "database/sql.Tx" "database/sql.Conn")
  (#set! access.untyped "likely") (#set! sql.prepares)))
((call receiver: (_) @_db method: "PrepareContext" argument[1]: (string) @embedded.sql
  (#type? @_db "database/sql.DB" "database/sql.Tx" "database/sql.Conn")
  (#set! access.untyped "likely") (#set! sql.prepares)))
((call receiver: (_) @embedded.sql
       method: ["Exec" "ExecContext" "Query" "QueryContext" "QueryRow" "QueryRowContext"]
  (#type? @embedded.sql "database/sql.Stmt") (#set! sql.prepared)))

((call receiver: (_) @_db method: ["Begin" "BeginTx"]
  (#type? @_db "database/sql.DB" "database/sql.Conn")) @transaction)
((call receiver: (_) @_tx method: "Commit"
  (#type? @_tx "database/sql.Tx")
  (#set! transaction.end "true")) @transaction)
