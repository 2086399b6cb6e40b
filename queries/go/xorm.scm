; xorm.io/xorm, github.com/go-xorm/xorm and github.com/xorm-io/xorm: engine and session, finders, writers, raw SQL, transactions, Sync.
; A table is named by `TableName()`, by `Table("..")`, else in snake case. Known misses: other name mappers.

(stub ["github.com/go-xorm/xorm.Engine" "github.com/xorm-io/xorm.Engine"] same: "xorm.io/xorm.Engine")
(stub ["github.com/go-xorm/xorm.Session" "github.com/xorm-io/xorm.Session"] same: "xorm.io/xorm.Session")
(stub ["github.com/go-xorm/xorm.EngineGroup" "github.com/xorm-io/xorm.EngineGroup"] same: "xorm.io/xorm.EngineGroup")
(stub ["xorm.io/xorm.NewEngine" "github.com/go-xorm/xorm.NewEngine" "github.com/xorm-io/xorm.NewEngine"] returns: "xorm.io/xorm.Engine")
(stub ["xorm.io/xorm.Engine" "xorm.io/xorm.EngineGroup"] extends: "xorm.io/xorm.Interface")
(stub "xorm.io/xorm.Interface.TableName" returns: store)
(stub "xorm.io/xorm.Session" extends: "xorm.io/xorm.Interface")
(stub "xorm.io/xorm.Engine.NewSession" returns: "xorm.io/xorm.Session")
(stub ["xorm.io/xorm.Engine.*" "xorm.io/xorm.Interface.*"] returns: "xorm.io/xorm.Session")
(stub "xorm.io/xorm.Session.*" returns: self)

((call receiver: (_) @access.receiver method: "Table" argument[0]: [(sequence item[0]: (string) @access.target) (string) @access.target]
  (#type? @access.receiver "xorm.io/xorm.Interface")
  (#set! operation "target") (#set! access.target "name") (#set! entity.store "{name|snake}")) @access)
((call receiver: (_) @access.receiver method: ["Table" "Model"] argument[0]: (construct) @access.target
  (#type? @access.receiver "xorm.io/xorm.Interface")
  (#set! operation "target") (#set! entity.store "{name|snake}")) @access)
((call receiver: (_) @access.receiver
       method: ["Get" "Find" "FindAndCount" "Count" "Exist" "Iterate" "Rows" "Sum" "SumInt" "Sums" "SumsInt"
                "InsertOne" "InsertMulti" "Update" "Delete"] @access.verb
       argument[0]: (_) @access.target
  (#type? @access.receiver "xorm.io/xorm.Interface")
  (#set! access.select "Get Find FindAndCount Count Exist Iterate Rows Sum SumInt Sums SumsInt")
  (#set! access.insert "InsertOne InsertMulti") (#set! access.update "Update") (#set! access.delete "Delete")
  (#set! access.subject "first")
  (#set! entity.store "{name|snake}")) @access)
; Rows of several tables may be inserted at once.
((call receiver: (_) @access.receiver method: "Insert" [argument[*]: (_) @access.target argument[-1]: (_) @access.target]
  (#type? @access.receiver "xorm.io/xorm.Interface")
  (#set! operation "insert")
  (#set! access.subject "first")
  (#set! entity.store "{name|snake}")) @access)
; Without a row the chain's `Table` says which store.
((call receiver: (_) @access.receiver method: ["Count" "Exist" "Delete"] @access.verb
  (#type? @access.receiver "xorm.io/xorm.Interface")
  (#set! access.select "Count Exist") (#set! access.delete "Delete")) @access)
; Columns that a chain keeps to, and those of a literal.
((call receiver: (_) @access.receiver method: ["Cols" "Select"] argument[*]: (_) @access.column
  (#type? @access.receiver "xorm.io/xorm.Interface")
  (#set! operation "columns") (#set! row.only)) @access)
((call receiver: (_) @access.receiver method: "Update" argument[0]: [(mapping) (construct)] @access.row
  (#type? @access.receiver "xorm.io/xorm.Interface")
  (#set! operation "columns")) @access)
((call receiver: (_) @access.receiver method: ["Incr" "Decr" "SetExpr"] argument[0]: (string) @access.column
  (#type? @access.receiver "xorm.io/xorm.Interface")
  (#set! operation "columns")) @access)
((call receiver: (_) @access.receiver method: ["Sync" "Sync2" "CreateTables" "DropTables"] argument[*]: (_) @access.target
  (#type? @access.receiver "xorm.io/xorm.Interface")
  (#set! operation "ddl") (#set! entity.store "{name|snake}")) @access)
((call receiver: (_) @_db method: ["SQL" "Sql" "Exec" "Query" "QueryString" "QueryInterface"] argument[0]: (string) @embedded.sql
  (#type? @_db "xorm.io/xorm.Interface")))
((call receiver: (_) @_db method: "Join" argument[1]: [(sequence item[0]: (string) @embedded.sql) (string) @embedded.sql]
  (#type? @_db "xorm.io/xorm.Interface")
  (#set! sql.fragment "true") (#set! access.join)))
((call receiver: (_) @_db method: "Begin" (#type? @_db "xorm.io/xorm.Session")) @transaction)
((call receiver: (_) @_db method: "Commit" (#type? @_db "xorm.io/xorm.Session") (#set! transaction.end "true")) @transaction)
((call receiver: (_) @_db method: "Transaction" argument[0]: (_) @transaction.body
  (#type? @_db "xorm.io/xorm.Engine")) @transaction)
