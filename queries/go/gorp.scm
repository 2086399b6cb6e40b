; github.com/go-gorp/gorp (v3) and gopkg.in/gorp.v1 to v3: rows, SQL over a map of tables, transactions. What database/sql
; offers beside it counts as well. A type that no table was named for has its own name, in snake case, if there is such
; a table. Types and names may stand in a table that a loop runs over. github.com/letsencrypt/borp is a fork whose methods
; take a context first; github.com/loopfz/gadgeto/zesty hands the executor out.

(stub ["gopkg.in/gorp.v1.DbMap" "gopkg.in/gorp.v2.DbMap" "gopkg.in/gorp.v3.DbMap" "github.com/go-gorp/gorp.Transaction"
       "gopkg.in/gorp.v1.Transaction" "gopkg.in/gorp.v2.Transaction" "gopkg.in/gorp.v3.Transaction"
       "gopkg.in/gorp.v1.SqlExecutor" "gopkg.in/gorp.v2.SqlExecutor" "gopkg.in/gorp.v3.SqlExecutor"
       "github.com/go-gorp/gorp.DbMap"] extends: "github.com/go-gorp/gorp.SqlExecutor")
(stub ["github.com/go-gorp/gorp.DbMap.Begin" "gopkg.in/gorp.v1.DbMap.Begin" "gopkg.in/gorp.v2.DbMap.Begin"
       "gopkg.in/gorp.v3.DbMap.Begin"] returns: "github.com/go-gorp/gorp.Transaction")
(stub ["github.com/go-gorp/gorp.SqlExecutor.WithContext" "github.com/go-gorp/gorp.DbMap.WithContext"
       "github.com/go-gorp/gorp.Transaction.WithContext" "gopkg.in/gorp.v2.DbMap.WithContext"
       "gopkg.in/gorp.v3.DbMap.WithContext"] returns: self)

((call receiver: (_) @access.receiver method: ["Insert" "Update" "Delete"] @access.verb argument[*]: (_) @access.target
  (#type? @access.receiver "github.com/go-gorp/gorp.SqlExecutor")
  (#set! access.insert "Insert") (#set! access.update "Update") (#set! access.delete "Delete")
  (#set! entity.store "{name|snake}")) @access)
((call receiver: (_) @access.receiver method: "UpdateColumns" argument[1]: (_) @access.target
  (#type? @access.receiver "github.com/go-gorp/gorp.SqlExecutor")
  (#set! operation "update") (#set! entity.store "{name|snake}")) @access)
((call receiver: (_) @access.receiver method: "Get" argument[0]: (_) @access.target
  (#type? @access.receiver "github.com/go-gorp/gorp.SqlExecutor")
  (#set! operation "select") (#set! entity.store "{name|snake}")) @access)
((call receiver: (_) @_db method: ["Select" "SelectOne"] argument[1]: (string) @embedded.sql
  (#type? @_db "github.com/go-gorp/gorp.SqlExecutor")))
((call receiver: (_) @_db
       method: ["SelectInt" "SelectNullInt" "SelectFloat" "SelectNullFloat" "SelectStr" "SelectNullStr" "Exec" "Query" "QueryRow" "Prepare"]
       argument[0]: (string) @embedded.sql
  (#type? @_db "github.com/go-gorp/gorp.SqlExecutor")))
((call callee: (_) @_f argument[2]: (string) @embedded.sql
  (#is? @_f "github.com/go-gorp/gorp.SelectOne" "gopkg.in/gorp.v2.SelectOne")))
((call receiver: (_) @_db method: "Begin"
  (#type? @_db "github.com/go-gorp/gorp.DbMap" "gopkg.in/gorp.v1.DbMap" "gopkg.in/gorp.v2.DbMap" "gopkg.in/gorp.v3.DbMap")) @transaction)
((call receiver: (_) @_tx method: "Commit"
  (#type? @_tx "github.com/go-gorp/gorp.Transaction") (#set! transaction.end "true")) @transaction)

; Which table a type's rows are in.
((call receiver: (_) @_map method: ["AddTableWithName" "AddTableWithNameAndSchema"] argument[0]: (_) @entity.of argument[-1]: (string) @entity.store
  (#type? @_map "github.com/go-gorp/gorp.SqlExecutor" "github.com/letsencrypt/borp.SqlExecutor")) @definition.entity)

; The fork.
(stub ["github.com/letsencrypt/borp.DbMap" "github.com/letsencrypt/borp.Transaction"] extends: "github.com/letsencrypt/borp.SqlExecutor")
(stub "github.com/letsencrypt/borp.DbMap.BeginTx" returns: "github.com/letsencrypt/borp.Transaction")
((call receiver: (_) @access.receiver method: ["Insert" "Update" "Delete"] @access.verb argument[*]: (_) @access.target
  (#type? @access.receiver "github.com/letsencrypt/borp.SqlExecutor")
  (#set! access.insert "Insert") (#set! access.update "Update") (#set! access.delete "Delete")
  (#set! entity.store "{name|snake}")) @access)
((call receiver: (_) @access.receiver method: "UpdateColumns" argument[2]: (_) @access.target
  (#type? @access.receiver "github.com/letsencrypt/borp.SqlExecutor")
  (#set! operation "update") (#set! entity.store "{name|snake}")) @access)
((call receiver: (_) @access.receiver method: "Get" argument[1]: (_) @access.target
  (#type? @access.receiver "github.com/letsencrypt/borp.SqlExecutor")
  (#set! operation "select") (#set! entity.store "{name|snake}")) @access)
((call receiver: (_) @_db method: ["Select" "SelectOne"] argument[2]: (string) @embedded.sql
  (#type? @_db "github.com/letsencrypt/borp.SqlExecutor")))
((call receiver: (_) @_db
       method: ["SelectInt" "SelectNullInt" "SelectFloat" "SelectNullFloat" "SelectStr" "SelectNullStr" "ExecContext" "QueryContext"
                "QueryRowContext" "PrepareContext"]
       argument[1]: (string) @embedded.sql
  (#type? @_db "github.com/letsencrypt/borp.SqlExecutor")))
((call receiver: (_) @_db method: "BeginTx" (#type? @_db "github.com/letsencrypt/borp.DbMap")) @transaction)
((call receiver: (_) @_tx method: "Commit"
  (#type? @_tx "github.com/letsencrypt/borp.Transaction") (#set! transaction.end "true")) @transaction)

; github.com/loopfz/gadgeto/zesty: who has the database in hand gives the executor, or the transaction that it began.
(stub "github.com/loopfz/gadgeto/zesty.DBProvider.DB" returns: "github.com/go-gorp/gorp.SqlExecutor")
(stub ["github.com/loopfz/gadgeto/zesty.NewDBProvider" "github.com/loopfz/gadgeto/zesty.NewTempDBProvider"]
  returns: "github.com/loopfz/gadgeto/zesty.DBProvider")
(stub "github.com/loopfz/gadgeto/zesty.NewDB" returns: "github.com/loopfz/gadgeto/zesty.DB")
(stub "github.com/loopfz/gadgeto/zesty.DB" extends: "github.com/go-gorp/gorp.DbMap")
(stub "github.com/loopfz/gadgeto/zesty.DB.Begin" returns: "github.com/loopfz/gadgeto/zesty.Tx")
(stub "github.com/loopfz/gadgeto/zesty.Tx" extends: "github.com/go-gorp/gorp.Transaction")
((call receiver: (_) @_provider method: ["Tx" "TxSavepoint"]
  (#type? @_provider "github.com/loopfz/gadgeto/zesty.DBProvider")) @transaction)
((call receiver: (_) @_provider method: "Commit"
  (#type? @_provider "github.com/loopfz/gadgeto/zesty.DBProvider") (#set! transaction.end "true")) @transaction)
