; github.com/gobuffalo/pop (all majors, also markbates/pop and ory/pop): finders, writers, queries, raw SQL, transactions.
; A table is named by `TableName()`, else `{name|snake|plural}`.
; Known misses: associations read along by `Eager` without a name, what `TruncateAll` empties.

(stub "github.com/ory/pop.Connection" same: "github.com/gobuffalo/pop.Connection")
(stub "github.com/ory/pop.Query" same: "github.com/gobuffalo/pop.Query")
(stub ["github.com/ory/pop.Connect" "github.com/ory/pop.NewConnection"] returns: "github.com/gobuffalo/pop.Connection")
(stub "github.com/ory/pop.Q" returns: "github.com/gobuffalo/pop.Query")
(stub "github.com/markbates/pop.Connection" same: "github.com/gobuffalo/pop.Connection")
(stub "github.com/markbates/pop.Query" same: "github.com/gobuffalo/pop.Query")
(stub ["github.com/gobuffalo/pop.Connect" "github.com/gobuffalo/pop.NewConnection" "github.com/markbates/pop.Connect"]
  returns: "github.com/gobuffalo/pop.Connection")
(stub ["github.com/gobuffalo/pop.Connection.WithContext" "github.com/gobuffalo/pop.Connection.Eager"
       "github.com/gobuffalo/pop.Connection.EagerPreload" "github.com/gobuffalo/pop.Connection.Copy"] returns: self)
(stub "github.com/gobuffalo/pop.Connection.NewTransaction" returns: "github.com/gobuffalo/pop.Connection")
(stub ["github.com/gobuffalo/pop.Connection.Q" "github.com/gobuffalo/pop.Connection.Where" "github.com/gobuffalo/pop.Connection.Order"
       "github.com/gobuffalo/pop.Connection.Limit" "github.com/gobuffalo/pop.Connection.Paginate"
       "github.com/gobuffalo/pop.Connection.PaginateFromParams" "github.com/gobuffalo/pop.Connection.Scope"
       "github.com/gobuffalo/pop.Connection.Select" "github.com/gobuffalo/pop.Connection.BelongsTo"
       "github.com/gobuffalo/pop.Connection.BelongsToAs" "github.com/gobuffalo/pop.Connection.BelongsToThrough"
       "github.com/gobuffalo/pop.Connection.RawQuery" "github.com/gobuffalo/pop.Q"] returns: "github.com/gobuffalo/pop.Query")
(stub "github.com/gobuffalo/pop.Query.*" returns: self)
; `(&pop.Model{Value: User{}}).TableName()` in a text.
(stub ["github.com/ory/pop.Model" "github.com/markbates/pop.Model"] same: "github.com/gobuffalo/pop.Model")
(stub "github.com/gobuffalo/pop.Model.TableName" returns: store of: ["Value"])

((call receiver: (_) @access.receiver
       method: ["Find" "First" "Last" "All" "Exists" "Count" "CountByField" "Load" "Reload"
                "Create" "ValidateAndCreate" "Save" "ValidateAndSave" "Update" "ValidateAndUpdate" "UpdateColumns" "UpdateQuery"
                "Destroy" "Delete"] @access.verb
       argument[0]: (_) @access.target
  (#type? @access.receiver "github.com/gobuffalo/pop.Connection" "github.com/gobuffalo/pop.Query")
  (#set! access.select "Find First Last All Exists Count CountByField Load Reload")
  (#set! access.insert "Create ValidateAndCreate")
  (#set! access.upsert "Save ValidateAndSave")
  (#set! access.update "Update ValidateAndUpdate UpdateColumns UpdateQuery")
  (#set! access.delete "Destroy Delete")
  (#set! entity.store "{name|snake|plural}")) @access)

; A text stands for a table.
((call receiver: (_) @access.receiver method: ["Delete" "Exists" "Count"] @access.verb argument[0]: [(text) (call)] @access.target
  (#type? @access.receiver "github.com/gobuffalo/pop.Query")
  (#set! access.select "Exists Count") (#set! access.delete "Delete") (#set! access.target "name")) @access)
((call receiver: (_) @_db method: "RawQuery" argument[0]: (string) @embedded.sql
  (#type? @_db "github.com/gobuffalo/pop.Connection" "github.com/gobuffalo/pop.Query")))
((call receiver: (_) @access.receiver method: ["Join" "LeftJoin" "RightJoin" "InnerJoin" "LeftOuterJoin" "RightOuterJoin" "LeftInnerJoin" "RightInnerJoin"]
       argument[0]: (string) @access.target
  (#type? @access.receiver "github.com/gobuffalo/pop.Query")
  (#set! access.target "name") (#set! operation "select") (#set! access.join)) @access)

((call receiver: (_) @_db method: "Transaction" argument[-1]: (_) @transaction.body
  (#type? @_db "github.com/gobuffalo/pop.Connection")) @transaction)
