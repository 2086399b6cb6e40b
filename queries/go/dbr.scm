; github.com/gocraft/dbr v1 and v2, github.com/upper/db v4: builders and collections on sessions, SQL as text, transactions.
; Known misses: conditions that hold sub-selects.

; dbr.
(stub "github.com/gocraft/dbr.Open" returns: "github.com/gocraft/dbr.Connection")
(stub "github.com/gocraft/dbr.Connection.NewSession" returns: "github.com/gocraft/dbr.Session")
(stub ["github.com/gocraft/dbr.Session" "github.com/gocraft/dbr.Tx"] extends: "github.com/gocraft/dbr.SessionRunner")
(stub ["github.com/gocraft/dbr.Session.Begin" "github.com/gocraft/dbr.Session.BeginTx"] returns: "github.com/gocraft/dbr.Tx")
(stub ["github.com/gocraft/dbr.SessionRunner.Select" "github.com/gocraft/dbr.Select"] returns: "github.com/gocraft/dbr.SelectStmt")
(stub ["github.com/gocraft/dbr.SessionRunner.InsertInto" "github.com/gocraft/dbr.InsertInto"] returns: "github.com/gocraft/dbr.InsertStmt")
(stub ["github.com/gocraft/dbr.SessionRunner.Update" "github.com/gocraft/dbr.Update"] returns: "github.com/gocraft/dbr.UpdateStmt")
(stub ["github.com/gocraft/dbr.SelectStmt.*" "github.com/gocraft/dbr.InsertStmt.*" "github.com/gocraft/dbr.UpdateStmt.*"] returns: self)
((call receiver: (_) @_select method: ["From" "Join" "LeftJoin" "RightJoin" "FullJoin"] argument[0]: (string) @embedded.sql
  (#type? @_select "github.com/gocraft/dbr.SelectStmt")
  (#set! sql.fragment "true") (#set! access.join)))
((call receiver: (_) @access.receiver method: ["InsertInto" "Update" "DeleteFrom"] @access.verb argument[0]: (string) @access.target
  (#type? @access.receiver "github.com/gocraft/dbr.SessionRunner")
  (#set! access.target "name")
  (#set! access.insert "InsertInto") (#set! access.update "Update") (#set! access.delete "DeleteFrom")) @access)
((call callee: (_) @_f argument[0]: (string) @access.target
  (#is? @_f "github.com/gocraft/dbr.InsertInto") (#set! access.target "name") (#set! operation "insert")) @access)
((call callee: (_) @_f argument[0]: (string) @access.target
  (#is? @_f "github.com/gocraft/dbr.Update") (#set! access.target "name") (#set! operation "update")) @access)
((call callee: (_) @_f argument[0]: (string) @access.target
  (#is? @_f "github.com/gocraft/dbr.DeleteFrom") (#set! access.target "name") (#set! operation "delete")) @access)
((call receiver: (_) @_session method: ["SelectBySql" "InsertBySql" "UpdateBySql" "DeleteBySql"] argument[0]: (string) @embedded.sql
  (#type? @_session "github.com/gocraft/dbr.SessionRunner")))
((call receiver: (_) @access.receiver method: "Set" argument[0]: (string) @access.column
  (#type? @access.receiver "github.com/gocraft/dbr.UpdateStmt")
  (#set! operation "columns")) @access)
((call receiver: (_) @access.receiver method: "SetMap" argument[0]: (_) @access.row
  (#type? @access.receiver "github.com/gocraft/dbr.UpdateStmt")
  (#set! operation "columns")) @access)
((call receiver: (_) @access.receiver method: "Columns" argument[*]: (_) @access.column
  (#type? @access.receiver "github.com/gocraft/dbr.InsertStmt")
  (#set! operation "columns")) @access)
((call receiver: (_) @_session method: ["Begin" "BeginTx"]
  (#type? @_session "github.com/gocraft/dbr.Session")) @transaction)
((call receiver: (_) @_tx method: "Commit"
  (#type? @_tx "github.com/gocraft/dbr.Tx") (#set! transaction.end "true")) @transaction)

; upper/db: collections by name, and a builder behind `SQL()`.
(stub ["github.com/upper/db/adapter/postgresql.Open" "github.com/upper/db/adapter/mysql.Open" "github.com/upper/db/adapter/sqlite.Open"
       "github.com/upper/db/adapter/cockroachdb.Open" "github.com/upper/db/v4/adapter/postgresql.Open" "github.com/upper/db/v4/adapter/mysql.Open"
       "github.com/upper/db/v4/adapter/sqlite.Open" "github.com/upper/db/v4/adapter/cockroachdb.Open"] returns: "github.com/upper/db.Session")
(stub "github.com/upper/db.Session.Collection" returns: "github.com/upper/db.Collection" subject: argument[0])
(stub "github.com/upper/db.Session.SQL" returns: "github.com/upper/db.SQL")
(stub "github.com/upper/db.Collection.Find" returns: "github.com/upper/db.Result")
(stub "github.com/upper/db.Result.*" returns: self)
(stub ["github.com/upper/db.SQL.Select" "github.com/upper/db.SQL.SelectFrom"] returns: "github.com/upper/db.Selector")
(stub ["github.com/upper/db.SQL.Update"] returns: "github.com/upper/db.Updater")
(stub ["github.com/upper/db.Selector.*" "github.com/upper/db.Updater.*"] returns: self)
((call receiver: (_) @access.receiver method: ["Insert" "InsertReturning" "UpdateReturning" "Truncate"] @access.verb
  (#type? @access.receiver "github.com/upper/db.Collection")
  (#set! access.insert "Insert InsertReturning") (#set! access.update "UpdateReturning") (#set! access.delete "Truncate")) @access)
((call receiver: (_) @access.receiver method: ["One" "All" "Count" "Next" "Exists" "Update" "Delete"] @access.verb
  (#type? @access.receiver "github.com/upper/db.Result")
  (#set! access.select "One All Count Next Exists") (#set! access.update "Update") (#set! access.delete "Delete")) @access)
((call receiver: (_) @access.receiver method: ["SelectFrom" "InsertInto" "Update" "DeleteFrom"] @access.verb argument[0]: (string) @access.target
  (#type? @access.receiver "github.com/upper/db.SQL")
  (#set! access.target "name") (#set! access.select "SelectFrom")
  (#set! access.insert "InsertInto") (#set! access.update "Update") (#set! access.delete "DeleteFrom")) @access)
((call receiver: (_) @_select method: ["From" "Join" "LeftJoin" "RightJoin" "FullJoin"] argument[0]: (string) @embedded.sql
  (#type? @_select "github.com/upper/db.Selector")
  (#set! sql.fragment "true") (#set! access.join)))
((call receiver: (_) @_sql method: ["Query" "QueryRow" "Exec" "Iterator"] argument[0]: (string) @embedded.sql
  (#type? @_sql "github.com/upper/db.SQL")))
((call receiver: (_) @_session method: "Tx" argument[0]: (_) @transaction.body
  (#type? @_session "github.com/upper/db.Session")) @transaction)
