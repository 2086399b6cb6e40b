; github.com/jmoiron/sqlx v1: everything of database/sql, and the methods and functions it adds.
; Known misses: struct scans do not tell columns.

(stub ["github.com/jmoiron/sqlx.DB" "github.com/jmoiron/sqlx.Ext" "github.com/jmoiron/sqlx.ExtContext"
       "github.com/jmoiron/sqlx.Queryer" "github.com/jmoiron/sqlx.QueryerContext" "github.com/jmoiron/sqlx.Execer"
       "github.com/jmoiron/sqlx.ExecerContext" "github.com/jmoiron/sqlx.Preparer"
       "github.com/jmoiron/sqlx.PreparerContext"] extends: "database/sql.DB")
(stub "github.com/jmoiron/sqlx.Tx" extends: "database/sql.Tx")
(stub "github.com/jmoiron/sqlx.Conn" extends: "database/sql.Conn")
(stub "github.com/jmoiron/sqlx.Stmt" extends: "database/sql.Stmt")
(stub "github.com/jmoiron/sqlx.Rows" extends: "database/sql.Rows")
(stub "github.com/jmoiron/sqlx.Row" extends: "database/sql.Row")
(stub ["github.com/jmoiron/sqlx.Open" "github.com/jmoiron/sqlx.MustOpen" "github.com/jmoiron/sqlx.Connect"
       "github.com/jmoiron/sqlx.MustConnect" "github.com/jmoiron/sqlx.ConnectContext" "github.com/jmoiron/sqlx.NewDb"]
  returns: "github.com/jmoiron/sqlx.DB")
(stub ["github.com/jmoiron/sqlx.DB.Unsafe" "github.com/jmoiron/sqlx.Tx.Unsafe"] returns: self)
(stub "github.com/jmoiron/sqlx.DB.DB" is: "database/sql.DB")
(stub "github.com/jmoiron/sqlx.DB.Connx" returns: "github.com/jmoiron/sqlx.Conn")
(stub ["github.com/jmoiron/sqlx.DB.Beginx" "github.com/jmoiron/sqlx.DB.MustBegin" "github.com/jmoiron/sqlx.DB.BeginTxx"
       "github.com/jmoiron/sqlx.DB.MustBeginTx" "github.com/jmoiron/sqlx.Conn.BeginTxx"]
  returns: "github.com/jmoiron/sqlx.Tx")
(stub ["github.com/jmoiron/sqlx.DB.Preparex" "github.com/jmoiron/sqlx.Tx.Preparex" "github.com/jmoiron/sqlx.Tx.Stmtx"]
  returns: "github.com/jmoiron/sqlx.Stmt" text: argument[0])
(stub ["github.com/jmoiron/sqlx.DB.PreparexContext" "github.com/jmoiron/sqlx.Tx.PreparexContext" "github.com/jmoiron/sqlx.Tx.StmtxContext"
       "github.com/jmoiron/sqlx.Preparex"] returns: "github.com/jmoiron/sqlx.Stmt" text: argument[1])
(stub "github.com/jmoiron/sqlx.PreparexContext" returns: "github.com/jmoiron/sqlx.Stmt" text: argument[2])
(stub ["github.com/jmoiron/sqlx.DB.PrepareNamed" "github.com/jmoiron/sqlx.Tx.PrepareNamed" "github.com/jmoiron/sqlx.Tx.NamedStmt"]
  returns: "github.com/jmoiron/sqlx.NamedStmt" text: argument[0])
(stub ["github.com/jmoiron/sqlx.DB.PrepareNamedContext" "github.com/jmoiron/sqlx.Tx.PrepareNamedContext"
       "github.com/jmoiron/sqlx.Tx.NamedStmtContext"] returns: "github.com/jmoiron/sqlx.NamedStmt" text: argument[1])
(stub ["github.com/jmoiron/sqlx.DB.Queryx" "github.com/jmoiron/sqlx.DB.QueryxContext" "github.com/jmoiron/sqlx.Tx.Queryx"
       "github.com/jmoiron/sqlx.Tx.QueryxContext" "github.com/jmoiron/sqlx.DB.NamedQuery" "github.com/jmoiron/sqlx.Tx.NamedQuery"]
  returns: "github.com/jmoiron/sqlx.Rows")
; Text that passes through.
(stub ["github.com/jmoiron/sqlx.DB.Rebind" "github.com/jmoiron/sqlx.Tx.Rebind" "github.com/jmoiron/sqlx.In"
       "github.com/jmoiron/sqlx.Named" "github.com/jmoiron/sqlx.DB.BindNamed" "github.com/jmoiron/sqlx.Tx.BindNamed"]
  returns: argument[0])
(stub "github.com/jmoiron/sqlx.Rebind" returns: argument[1])

((call receiver: (_) @_db
       method: ["Queryx" "QueryRowx" "MustExec" "NamedExec" "NamedQuery"]
       argument[0]: (string) @embedded.sql
  (#type? @_db "github.com/jmoiron/sqlx.DB" "github.com/jmoiron/sqlx.Tx" "github.com/jmoiron/sqlx.Conn"
               "github.com/jmoiron/sqlx.Ext" "github.com/jmoiron/sqlx.Queryer" "github.com/jmoiron/sqlx.Preparer")
  (#set! access.untyped "likely")))

((call receiver: (_) @_db
       method: ["QueryxContext" "QueryRowxContext" "MustExecContext" "NamedExecContext" "NamedQueryContext"
                "Get" "Select"]
       argument[1]: (string) @embedded.sql
  (#type? @_db "github.com/jmoiron/sqlx.DB" "github.com/jmoiron/sqlx.Tx" "github.com/jmoiron/sqlx.Conn"
               "github.com/jmoiron/sqlx.ExtContext" "github.com/jmoiron/sqlx.QueryerContext"
               "github.com/jmoiron/sqlx.PreparerContext")
  (#set! access.untyped "likely")))

((call receiver: (_) @_db method: ["GetContext" "SelectContext"] argument[2]: (string) @embedded.sql
  (#type? @_db "github.com/jmoiron/sqlx.DB" "github.com/jmoiron/sqlx.Tx" "github.com/jmoiron/sqlx.Conn")
  (#set! access.untyped "likely")))

; A prepared statement counts where it is run.
((call receiver: (_) @_db method: ["PrepareNamed" "Preparex"] argument[0]: (string) @embedded.sql
  (#type? @_db "github.com/jmoiron/sqlx.DB" "github.com/jmoiron/sqlx.Tx" "github.com/jmoiron/sqlx.Conn"
               "github.com/jmoiron/sqlx.Ext" "github.com/jmoiron/sqlx.Queryer" "github.com/jmoiron/sqlx.Preparer")
  (#set! access.untyped "likely") (#set! sql.prepares)))
((call receiver: (_) @_db method: ["PrepareNamedContext" "PreparexContext"] argument[1]: (string) @embedded.sql
  (#type? @_db "github.com/jmoiron/sqlx.DB" "github.com/jmoiron/sqlx.Tx" "github.com/jmoiron/sqlx.Conn"
               "github.com/jmoiron/sqlx.ExtContext" "github.com/jmoiron/sqlx.QueryerContext"
               "github.com/jmoiron/sqlx.PreparerContext")
  (#set! access.untyped "likely") (#set! sql.prepares)))
((call callee: (_) @_f argument[1]: (string) @embedded.sql
  (#is? @_f "github.com/jmoiron/sqlx.Preparex") (#set! sql.prepares)))
((call callee: (_) @_f argument[2]: (string) @embedded.sql
  (#is? @_f "github.com/jmoiron/sqlx.PreparexContext") (#set! sql.prepares)))
((call receiver: (_) @embedded.sql
       method: ["Get" "GetContext" "Select" "SelectContext" "Queryx" "QueryxContext" "QueryRowx" "QueryRowxContext" "MustExec"
                "MustExecContext"]
  (#type? @embedded.sql "github.com/jmoiron/sqlx.Stmt" "github.com/jmoiron/sqlx.NamedStmt") (#set! sql.prepared)))
((call receiver: (_) @embedded.sql
       method: ["Exec" "ExecContext" "Query" "QueryContext" "QueryRow" "QueryRowContext"]
  (#type? @embedded.sql "github.com/jmoiron/sqlx.NamedStmt") (#set! sql.prepared)))

; Package functions take the database first.
((call callee: (_) @_f argument[2]: (string) @embedded.sql
  (#is? @_f "github.com/jmoiron/sqlx.Get" "github.com/jmoiron/sqlx.Select" "github.com/jmoiron/sqlx.NamedExecContext"
            "github.com/jmoiron/sqlx.NamedQueryContext" "github.com/jmoiron/sqlx.MustExecContext")))
((call callee: (_) @_f argument[3]: (string) @embedded.sql
  (#is? @_f "github.com/jmoiron/sqlx.GetContext" "github.com/jmoiron/sqlx.SelectContext")))
((call callee: (_) @_f argument[1]: (string) @embedded.sql
  (#is? @_f "github.com/jmoiron/sqlx.NamedExec" "github.com/jmoiron/sqlx.NamedQuery" "github.com/jmoiron/sqlx.MustExec")))

((call receiver: (_) @_db method: ["Beginx" "MustBegin" "BeginTxx" "MustBeginTx"]
  (#type? @_db "github.com/jmoiron/sqlx.DB" "github.com/jmoiron/sqlx.Conn")) @transaction)

; A fork that is kept up.
(stub "github.com/rpadovani/sqlx-v2.DB" same: "github.com/jmoiron/sqlx.DB")
(stub "github.com/rpadovani/sqlx-v2.Tx" same: "github.com/jmoiron/sqlx.Tx")
(stub "github.com/rpadovani/sqlx-v2.Conn" same: "github.com/jmoiron/sqlx.Conn")
(stub "github.com/rpadovani/sqlx-v2.Stmt" same: "github.com/jmoiron/sqlx.Stmt")
(stub "github.com/rpadovani/sqlx-v2.NamedStmt" same: "github.com/jmoiron/sqlx.NamedStmt")
(stub "github.com/rpadovani/sqlx-v2.Rows" same: "github.com/jmoiron/sqlx.Rows")
(stub "github.com/rpadovani/sqlx-v2.Row" same: "github.com/jmoiron/sqlx.Row")
(stub "github.com/rpadovani/sqlx-v2.Ext" same: "github.com/jmoiron/sqlx.Ext")
(stub "github.com/rpadovani/sqlx-v2.ExtContext" same: "github.com/jmoiron/sqlx.ExtContext")
(stub "github.com/rpadovani/sqlx-v2.Queryer" same: "github.com/jmoiron/sqlx.Queryer")
(stub "github.com/rpadovani/sqlx-v2.QueryerContext" same: "github.com/jmoiron/sqlx.QueryerContext")
(stub "github.com/rpadovani/sqlx-v2.Execer" same: "github.com/jmoiron/sqlx.Execer")
(stub "github.com/rpadovani/sqlx-v2.ExecerContext" same: "github.com/jmoiron/sqlx.ExecerContext")
(stub "github.com/rpadovani/sqlx-v2.Preparer" same: "github.com/jmoiron/sqlx.Preparer")
(stub "github.com/rpadovani/sqlx-v2.PreparerContext" same: "github.com/jmoiron/sqlx.PreparerContext")
(stub "github.com/rpadovani/sqlx-v2.Open" same: "github.com/jmoiron/sqlx.Open")
(stub "github.com/rpadovani/sqlx-v2.MustOpen" same: "github.com/jmoiron/sqlx.MustOpen")
(stub "github.com/rpadovani/sqlx-v2.Connect" same: "github.com/jmoiron/sqlx.Connect")
(stub "github.com/rpadovani/sqlx-v2.MustConnect" same: "github.com/jmoiron/sqlx.MustConnect")
(stub "github.com/rpadovani/sqlx-v2.ConnectContext" same: "github.com/jmoiron/sqlx.ConnectContext")
(stub "github.com/rpadovani/sqlx-v2.NewDb" same: "github.com/jmoiron/sqlx.NewDb")
(stub "github.com/rpadovani/sqlx-v2.In" same: "github.com/jmoiron/sqlx.In")
(stub "github.com/rpadovani/sqlx-v2.Named" same: "github.com/jmoiron/sqlx.Named")
(stub "github.com/rpadovani/sqlx-v2.Rebind" same: "github.com/jmoiron/sqlx.Rebind")
(stub "github.com/rpadovani/sqlx-v2.Get" same: "github.com/jmoiron/sqlx.Get")
(stub "github.com/rpadovani/sqlx-v2.GetContext" same: "github.com/jmoiron/sqlx.GetContext")
(stub "github.com/rpadovani/sqlx-v2.Select" same: "github.com/jmoiron/sqlx.Select")
(stub "github.com/rpadovani/sqlx-v2.SelectContext" same: "github.com/jmoiron/sqlx.SelectContext")
(stub "github.com/rpadovani/sqlx-v2.Preparex" same: "github.com/jmoiron/sqlx.Preparex")
(stub "github.com/rpadovani/sqlx-v2.PreparexContext" same: "github.com/jmoiron/sqlx.PreparexContext")
(stub "github.com/rpadovani/sqlx-v2.NamedExec" same: "github.com/jmoiron/sqlx.NamedExec")
(stub "github.com/rpadovani/sqlx-v2.NamedExecContext" same: "github.com/jmoiron/sqlx.NamedExecContext")
(stub "github.com/rpadovani/sqlx-v2.NamedQuery" same: "github.com/jmoiron/sqlx.NamedQuery")
(stub "github.com/rpadovani/sqlx-v2.NamedQueryContext" same: "github.com/jmoiron/sqlx.NamedQueryContext")
(stub "github.com/rpadovani/sqlx-v2.MustExec" same: "github.com/jmoiron/sqlx.MustExec")
(stub "github.com/rpadovani/sqlx-v2.MustExecContext" same: "github.com/jmoiron/sqlx.MustExecContext")
