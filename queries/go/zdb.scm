; zgo.at/zdb: statements through a context or a database, rows that name their table by `Table()`, bulk inserts,
; transactions, queries of files under `load:`. `{{:word ..}}` in a statement is a condition on a parameter.
; Known misses: query files that are templates (`.gotxt`), rows of a bulk insert that another function finishes.

(stub ["zgo.at/zdb.Connect" "zgo.at/zdb.MustGetDB" "zgo.at/zdb.GetDB" "zgo.at/zdb.Unwrap" "zgo.at/zdb.NewLogDB" "zgo.at/zdb.NewMetricsDB"]
  returns: "zgo.at/zdb.DB")
(stub ["zgo.at/zdb.Query" "zgo.at/zdb.DB.Query"] returns: "zgo.at/zdb.Rows")
(stub "zgo.at/zdb.NewBulkInsert" returns: "zgo.at/zdb.BulkInsert")
(stub "zgo.at/zdb.SQL" returns: argument[0])

((call callee: (_) @_f argument[1]: (string) @embedded.sql
  (#is? @_f "zgo.at/zdb.Exec" "zgo.at/zdb.NumRows" "zgo.at/zdb.Query")
  (#set! sql.stem "load:")))
((call callee: (_) @_f argument[2]: (string) @embedded.sql
  (#is? @_f "zgo.at/zdb.Get" "zgo.at/zdb.Select" "zgo.at/zdb.InsertID")
  (#set! sql.stem "load:")))
((call receiver: (_) @_db method: ["Exec" "NumRows" "Query"] argument[1]: (string) @embedded.sql
  (#type? @_db "zgo.at/zdb.DB")
  (#set! sql.stem "load:")))
((call receiver: (_) @_db method: ["Get" "Select" "InsertID"] argument[2]: (string) @embedded.sql
  (#type? @_db "zgo.at/zdb.DB")
  (#set! sql.stem "load:")))

; Rows.
((call callee: (_) @_f argument[1]: (_) @access.target
  (#is? @_f "zgo.at/zdb.Insert")
  (#set! operation "insert") (#set! entity.store "{Table()}")) @access)
((call callee: (_) @_f argument[1]: (_) @access.target
  (#is? @_f "zgo.at/zdb.Update")
  (#set! operation "update") (#set! entity.store "{Table()}")) @access)
((call callee: (_) @_f argument[1]: (string) @access.target
  (#is? @_f "zgo.at/zdb.NewBulkInsert")
  (#set! operation "insert") (#set! access.target "name")) @access)

((call callee: (_) @_f argument[1]: (_) @transaction.body
  (#is? @_f "zgo.at/zdb.TX")) @transaction)
((call receiver: (_) @_db method: "TX" argument[1]: (_) @transaction.body
  (#type? @_db "zgo.at/zdb.DB")) @transaction)
((call callee: (_) @_f (#is? @_f "zgo.at/zdb.Begin")) @transaction)
