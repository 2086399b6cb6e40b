; github.com/go-gorp/gorp (v3) and gopkg.in/gorp.v1 to v3: rows, SQL over a map of tables, transactions. What database/sql
; offers beside it counts as well. Known misses: a table's name where it is given to `AddTableWithName` alone; then the
; type's own name counts, in lower case or snake case, if there is such a table.

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
