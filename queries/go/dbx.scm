; github.com/pocketbase/dbx and github.com/go-ozzo/ozzo-dbx: selects, writes by table name, models, raw SQL, transactions.
; A model's table is named by `TableName()`, else `{name|snake}`. Known misses: tables in expressions put together by hand.

(stub ["github.com/go-ozzo/ozzo-dbx.DB" "github.com/go-ozzo/ozzo-dbx.Tx" "github.com/pocketbase/dbx.DB" "github.com/pocketbase/dbx.Tx"]
  extends: "github.com/pocketbase/dbx.Builder")
(stub ["github.com/pocketbase/dbx.Open" "github.com/pocketbase/dbx.MustOpen" "github.com/pocketbase/dbx.NewFromDB"
       "github.com/go-ozzo/ozzo-dbx.Open" "github.com/go-ozzo/ozzo-dbx.MustOpen"] returns: "github.com/pocketbase/dbx.DB")
(stub ["github.com/pocketbase/dbx.DB.WithContext"] returns: self)
(stub ["github.com/pocketbase/dbx.DB.Begin" "github.com/pocketbase/dbx.DB.BeginTx"] returns: "github.com/pocketbase/dbx.Tx")
(stub ["github.com/pocketbase/dbx.Builder.Select" "github.com/pocketbase/dbx.DB.Select" "github.com/pocketbase/dbx.Tx.Select"
       "github.com/go-ozzo/ozzo-dbx.DB.Select" "github.com/go-ozzo/ozzo-dbx.Tx.Select" "github.com/go-ozzo/ozzo-dbx.Builder.Select"]
  returns: "github.com/pocketbase/dbx.SelectQuery")
(stub "github.com/go-ozzo/ozzo-dbx.SelectQuery" same: "github.com/pocketbase/dbx.SelectQuery")
(stub "github.com/go-ozzo/ozzo-dbx.Builder" same: "github.com/pocketbase/dbx.Builder")
(stub ["github.com/pocketbase/dbx.SelectQuery.*"] returns: self)
(stub ["github.com/pocketbase/dbx.Builder.Model" "github.com/pocketbase/dbx.DB.Model" "github.com/pocketbase/dbx.Tx.Model"
       "github.com/go-ozzo/ozzo-dbx.DB.Model" "github.com/go-ozzo/ozzo-dbx.Tx.Model"]
  returns: "github.com/pocketbase/dbx.ModelQuery" subject: argument[0])
(stub "github.com/pocketbase/dbx.ModelQuery.Exclude" returns: self)

((call receiver: (_) @_query method: "From" argument[*]: (string) @embedded.sql
  (#type? @_query "github.com/pocketbase/dbx.SelectQuery")
  (#set! sql.fragment "true") (#set! access.join)))
((call receiver: (_) @_query method: ["InnerJoin" "LeftJoin" "RightJoin"] argument[0]: (string) @embedded.sql
  (#type? @_query "github.com/pocketbase/dbx.SelectQuery")
  (#set! sql.fragment "true") (#set! access.join)))
((call receiver: (_) @_query method: "Join" argument[1]: (string) @embedded.sql
  (#type? @_query "github.com/pocketbase/dbx.SelectQuery")
  (#set! sql.fragment "true") (#set! access.join)))
((call receiver: (_) @access.receiver method: "Model" argument[1]: (_) @access.target
  (#type? @access.receiver "github.com/pocketbase/dbx.SelectQuery")
  (#set! operation "select") (#set! entity.store "{name|snake}")) @access)
((call receiver: (_) @access.receiver method: ["Insert" "Upsert" "Update" "Delete"] @access.verb argument[0]: (string) @access.target
  (#type? @access.receiver "github.com/pocketbase/dbx.Builder")
  (#set! access.target "name")
  (#set! access.insert "Insert") (#set! access.upsert "Upsert") (#set! access.update "Update") (#set! access.delete "Delete")) @access)
((call receiver: (_) @access.receiver
       method: ["CreateTable" "RenameTable" "DropTable" "TruncateTable" "AddColumn" "DropColumn" "RenameColumn" "AlterColumn"] @access.verb
       argument[0]: (string) @access.target
  (#type? @access.receiver "github.com/pocketbase/dbx.Builder")
  (#set! access.target "name")
  (#set! access.ddl "CreateTable RenameTable DropTable AddColumn DropColumn RenameColumn AlterColumn")
  (#set! access.delete "TruncateTable")) @access)
((call receiver: (_) @access.receiver method: ["Insert" "Update" "Delete"] @access.verb
  (#type? @access.receiver "github.com/pocketbase/dbx.ModelQuery")
  (#set! access.insert "Insert") (#set! access.update "Update") (#set! access.delete "Delete")
  (#set! entity.store "{name|snake}")) @access)
((call receiver: (_) @_db method: "NewQuery" argument[0]: (string) @embedded.sql
  (#type? @_db "github.com/pocketbase/dbx.Builder")))
((call receiver: (_) @_db method: ["Transactional" "TransactionalContext"] argument: (function) @transaction.body
  (#type? @_db "github.com/pocketbase/dbx.DB")) @transaction)
((call receiver: (_) @_db method: ["Begin" "BeginTx"]
  (#type? @_db "github.com/pocketbase/dbx.DB")) @transaction)
((call receiver: (_) @_db method: "Commit"
  (#type? @_db "github.com/pocketbase/dbx.Tx") (#set! transaction.end "true")) @transaction)
