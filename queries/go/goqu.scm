; github.com/doug-martin/goqu v9: datasets from the package, a dialect or a database; table expressions.
; Known misses: columns.

(stub ["github.com/doug-martin/goqu.Dialect"] returns: "github.com/doug-martin/goqu.DialectWrapper")
(stub ["github.com/doug-martin/goqu.New"] returns: "github.com/doug-martin/goqu.Database")
(stub ["github.com/doug-martin/goqu.From" "github.com/doug-martin/goqu.DialectWrapper.From" "github.com/doug-martin/goqu.Database.From"
       "github.com/doug-martin/goqu.TxDatabase.From" "github.com/doug-martin/goqu.Select" "github.com/doug-martin/goqu.DialectWrapper.Select"
       "github.com/doug-martin/goqu.Database.Select"] returns: "github.com/doug-martin/goqu.SelectDataset")
(stub "github.com/doug-martin/goqu.SelectDataset.*" returns: self)
(stub ["github.com/doug-martin/goqu.Database.Begin" "github.com/doug-martin/goqu.Database.BeginTx"] returns: "github.com/doug-martin/goqu.TxDatabase")
(stub "github.com/doug-martin/goqu.TxDatabase" extends: "github.com/doug-martin/goqu.Database")

((call callee: (_) @_f argument[*]: (text) @access.target
  (#is? @_f "github.com/doug-martin/goqu.From")
  (#set! access.target "name") (#set! operation "select")) @access)
((call receiver: (_) @access.receiver method: "From" argument[*]: (text) @access.target
  (#type? @access.receiver "github.com/doug-martin/goqu.DialectWrapper" "github.com/doug-martin/goqu.Database"
                           "github.com/doug-martin/goqu.SelectDataset")
  (#set! access.target "name") (#set! operation "select")) @access)
((call callee: (_) @_f argument[0]: (text) @access.target
  (#is? @_f "github.com/doug-martin/goqu.Insert")
  (#set! access.target "name") (#set! operation "insert")) @access)
((call callee: (_) @_f argument[0]: (text) @access.target
  (#is? @_f "github.com/doug-martin/goqu.Update")
  (#set! access.target "name") (#set! operation "update")) @access)
((call callee: (_) @_f argument[0]: (text) @access.target
  (#is? @_f "github.com/doug-martin/goqu.Delete" "github.com/doug-martin/goqu.Truncate")
  (#set! access.target "name") (#set! operation "delete")) @access)
((call receiver: (_) @access.receiver method: ["Insert" "Update" "Delete" "Truncate"] @access.verb argument[0]: (text) @access.target
  (#type? @access.receiver "github.com/doug-martin/goqu.DialectWrapper" "github.com/doug-martin/goqu.Database")
  (#set! access.target "name")
  (#set! access.insert "Insert") (#set! access.update "Update") (#set! access.delete "Delete Truncate")) @access)
; Joined tables.
((call receiver: (_) @_data method: ["Join" "InnerJoin" "LeftJoin" "RightJoin" "FullJoin" "CrossJoin"]
       argument[0]: (call callee: (_) @_table argument[0]: (text) @access.target)
  (#type? @_data "github.com/doug-martin/goqu.SelectDataset")
  (#is? @_table "github.com/doug-martin/goqu.T")
  (#set! access.target "name") (#set! operation "select") (#set! access.join)) @access)
((call receiver: (_) @_db method: "WithTx" argument[0]: (_) @transaction.body
  (#type? @_db "github.com/doug-martin/goqu.Database")) @transaction)
