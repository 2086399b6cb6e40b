; github.com/doug-martin/goqu v9: datasets from the package, a dialect or a database; tables by name and as expressions
; (`goqu.T`, `goqu.S(..).Table`) that variables, fields and results carry.
; Known misses: names that `With` gives to a common table expression.

(stub ["github.com/doug-martin/goqu.Dialect"] returns: "github.com/doug-martin/goqu.DialectWrapper")
(stub ["github.com/doug-martin/goqu.New"] returns: "github.com/doug-martin/goqu.Database")
(stub ["github.com/doug-martin/goqu.From" "github.com/doug-martin/goqu.DialectWrapper.From" "github.com/doug-martin/goqu.Database.From"
       "github.com/doug-martin/goqu.TxDatabase.From" "github.com/doug-martin/goqu.Select" "github.com/doug-martin/goqu.DialectWrapper.Select"
       "github.com/doug-martin/goqu.Database.Select"] returns: "github.com/doug-martin/goqu.SelectDataset")
(stub ["github.com/doug-martin/goqu.Insert" "github.com/doug-martin/goqu.DialectWrapper.Insert" "github.com/doug-martin/goqu.Database.Insert"
       "github.com/doug-martin/goqu.TxDatabase.Insert"] returns: "github.com/doug-martin/goqu.InsertDataset")
(stub ["github.com/doug-martin/goqu.Update" "github.com/doug-martin/goqu.DialectWrapper.Update" "github.com/doug-martin/goqu.Database.Update"
       "github.com/doug-martin/goqu.TxDatabase.Update"] returns: "github.com/doug-martin/goqu.UpdateDataset")
(stub ["github.com/doug-martin/goqu.Delete" "github.com/doug-martin/goqu.DialectWrapper.Delete" "github.com/doug-martin/goqu.Database.Delete"
       "github.com/doug-martin/goqu.TxDatabase.Delete"] returns: "github.com/doug-martin/goqu.DeleteDataset")
(stub ["github.com/doug-martin/goqu.SelectDataset.*" "github.com/doug-martin/goqu.InsertDataset.*"
       "github.com/doug-martin/goqu.UpdateDataset.*" "github.com/doug-martin/goqu.DeleteDataset.*"] returns: self)
; A table as an expression is about that table, under another name too.
(stub "github.com/doug-martin/goqu.T" returns: "github.com/doug-martin/goqu/exp.IdentifierExpression" subject: argument[0])
(stub "github.com/doug-martin/goqu.S" returns: "github.com/doug-martin/goqu.schema!")
(stub ["github.com/doug-martin/goqu.schema!.Table"] returns: "github.com/doug-martin/goqu/exp.IdentifierExpression" subject: argument[0])
(stub ["github.com/doug-martin/goqu/exp.IdentifierExpression.As" "github.com/doug-martin/goqu/exp.IdentifierExpression.Schema"] returns: self)
(stub ["github.com/doug-martin/goqu.Database.Begin" "github.com/doug-martin/goqu.Database.BeginTx"] returns: "github.com/doug-martin/goqu.TxDatabase")
(stub "github.com/doug-martin/goqu.TxDatabase" extends: "github.com/doug-martin/goqu.Database")

((call callee: (_) @_f argument[*]: (string) @access.target
  (#is? @_f "github.com/doug-martin/goqu.From")
  (#not-type? @access.target "github.com/doug-martin/goqu/exp.IdentifierExpression" "github.com/doug-martin/goqu.SelectDataset")
  (#set! access.target "name") (#set! operation "select")) @access)
((call receiver: (_) @access.receiver method: "From" argument[*]: (string) @access.target
  (#type? @access.receiver "github.com/doug-martin/goqu.DialectWrapper" "github.com/doug-martin/goqu.Database"
                           "github.com/doug-martin/goqu.SelectDataset")
  (#not-type? @access.target "github.com/doug-martin/goqu/exp.IdentifierExpression" "github.com/doug-martin/goqu.SelectDataset")
  (#set! access.target "name") (#set! operation "select")) @access)
((call callee: (_) @_f argument[0]: (string) @access.target
  (#is? @_f "github.com/doug-martin/goqu.Insert")
  (#not-type? @access.target "github.com/doug-martin/goqu/exp.IdentifierExpression" "github.com/doug-martin/goqu.SelectDataset")
  (#set! access.target "name") (#set! operation "insert")) @access)
((call callee: (_) @_f argument[0]: (string) @access.target
  (#is? @_f "github.com/doug-martin/goqu.Update")
  (#not-type? @access.target "github.com/doug-martin/goqu/exp.IdentifierExpression" "github.com/doug-martin/goqu.SelectDataset")
  (#set! access.target "name") (#set! operation "update")) @access)
((call callee: (_) @_f argument[0]: (string) @access.target
  (#is? @_f "github.com/doug-martin/goqu.Delete" "github.com/doug-martin/goqu.Truncate")
  (#not-type? @access.target "github.com/doug-martin/goqu/exp.IdentifierExpression" "github.com/doug-martin/goqu.SelectDataset")
  (#set! access.target "name") (#set! operation "delete")) @access)
((call receiver: (_) @access.receiver method: ["Insert" "Update" "Delete" "Truncate"] @access.verb argument[0]: (string) @access.target
  (#type? @access.receiver "github.com/doug-martin/goqu.DialectWrapper" "github.com/doug-martin/goqu.Database")
  (#not-type? @access.target "github.com/doug-martin/goqu/exp.IdentifierExpression" "github.com/doug-martin/goqu.SelectDataset")
  (#set! access.target "name")
  (#set! access.insert "Insert") (#set! access.update "Update") (#set! access.delete "Delete Truncate")) @access)
; Tables as expressions.
((call callee: (_) @_f argument[*]: (_) @access.target
  (#is? @_f "github.com/doug-martin/goqu.From")
  (#type? @access.target "github.com/doug-martin/goqu/exp.IdentifierExpression")
  (#set! access.target "name") (#set! operation "select")) @access)
((call receiver: (_) @access.receiver method: "From" argument[*]: (_) @access.target
  (#type? @access.receiver "github.com/doug-martin/goqu.DialectWrapper" "github.com/doug-martin/goqu.Database"
                           "github.com/doug-martin/goqu.SelectDataset")
  (#type? @access.target "github.com/doug-martin/goqu/exp.IdentifierExpression")
  (#set! access.target "name") (#set! operation "select")) @access)
((call callee: (_) @_f argument[0]: (_) @access.target
  (#is? @_f "github.com/doug-martin/goqu.Insert")
  (#type? @access.target "github.com/doug-martin/goqu/exp.IdentifierExpression")
  (#set! access.target "name") (#set! operation "insert")) @access)
((call callee: (_) @_f argument[0]: (_) @access.target
  (#is? @_f "github.com/doug-martin/goqu.Update")
  (#type? @access.target "github.com/doug-martin/goqu/exp.IdentifierExpression")
  (#set! access.target "name") (#set! operation "update")) @access)
((call callee: (_) @_f argument[0]: (_) @access.target
  (#is? @_f "github.com/doug-martin/goqu.Delete" "github.com/doug-martin/goqu.Truncate")
  (#type? @access.target "github.com/doug-martin/goqu/exp.IdentifierExpression")
  (#set! access.target "name") (#set! operation "delete")) @access)
((call receiver: (_) @access.receiver method: ["Insert" "Update" "Delete" "Truncate"] @access.verb argument[0]: (_) @access.target
  (#type? @access.receiver "github.com/doug-martin/goqu.DialectWrapper" "github.com/doug-martin/goqu.Database")
  (#type? @access.target "github.com/doug-martin/goqu/exp.IdentifierExpression")
  (#set! access.target "name")
  (#set! access.insert "Insert") (#set! access.update "Update") (#set! access.delete "Delete Truncate")) @access)
; Joined tables.
((call receiver: (_) @_data method: ["Join" "InnerJoin" "LeftJoin" "RightJoin" "FullJoin" "LeftOuterJoin" "RightOuterJoin" "FullOuterJoin" "CrossJoin"]
       argument[0]: (_) @access.target
  (#type? @_data "github.com/doug-martin/goqu.SelectDataset")
  (#type? @access.target "github.com/doug-martin/goqu/exp.IdentifierExpression")
  (#set! access.target "name") (#set! operation "select") (#set! access.join)) @access)
; What an update reads besides.
((call receiver: (_) @_data method: "From" argument[*]: (_) @access.target
  (#type? @_data "github.com/doug-martin/goqu.UpdateDataset")
  (#type? @access.target "github.com/doug-martin/goqu/exp.IdentifierExpression")
  (#set! access.target "name") (#set! operation "select") (#set! access.join)) @access)
((call receiver: (_) @_db method: "WithTx" argument[0]: (_) @transaction.body
  (#type? @_db "github.com/doug-martin/goqu.Database")) @transaction)
; Columns that a record gives.
((call receiver: (_) @access.receiver method: "Set" argument[0]: (_) @access.row
  (#type? @access.receiver "github.com/doug-martin/goqu.UpdateDataset")
  (#set! operation "columns")) @access)
((call receiver: (_) @access.receiver method: "Rows" argument[*]: (_) @access.row
  (#type? @access.receiver "github.com/doug-martin/goqu.InsertDataset")
  (#set! operation "columns")) @access)
