; github.com/huandu/go-sqlbuilder v1: builders from the package, a flavor, a struct or by name; joins, sub-selects in texts,
; tables under other names; a builder that another function or a field gave, where it is built.
; Known misses: texts of `Buildf` and `BuildNamed`, tables named only by `Struct` tags, `CREATE TABLE`; names that `With` gives;
; tables that an update or delete reads besides (`From`, `Join`).

(stub ["github.com/huandu/go-sqlbuilder.MySQL" "github.com/huandu/go-sqlbuilder.PostgreSQL" "github.com/huandu/go-sqlbuilder.SQLite" "github.com/huandu/go-sqlbuilder.SQLServer" "github.com/huandu/go-sqlbuilder.CQL" "github.com/huandu/go-sqlbuilder.ClickHouse" "github.com/huandu/go-sqlbuilder.Presto" "github.com/huandu/go-sqlbuilder.Oracle" "github.com/huandu/go-sqlbuilder.Informix" "github.com/huandu/go-sqlbuilder.Doris" "github.com/huandu/go-sqlbuilder.DefaultFlavor"]
  is: "github.com/huandu/go-sqlbuilder.Flavor")
(stub "github.com/huandu/go-sqlbuilder.NewStruct" returns: "github.com/huandu/go-sqlbuilder.Struct")
(stub ["github.com/huandu/go-sqlbuilder.Struct.For" "github.com/huandu/go-sqlbuilder.Struct.WithTag" "github.com/huandu/go-sqlbuilder.Struct.WithoutTag" "github.com/huandu/go-sqlbuilder.Struct.WithFieldMapper"] returns: self)
(stub ["github.com/huandu/go-sqlbuilder.NewSelectBuilder" "github.com/huandu/go-sqlbuilder.Select" "github.com/huandu/go-sqlbuilder.SelectFrom" "github.com/huandu/go-sqlbuilder.Flavor.NewSelectBuilder" "github.com/huandu/go-sqlbuilder.SelectBuilder.Clone" "github.com/huandu/go-sqlbuilder.Struct.SelectFrom" "github.com/huandu/go-sqlbuilder.Struct.SelectFromForTag" "github.com/huandu/go-sqlbuilder.InsertBuilder.Select" "github.com/huandu/go-sqlbuilder.CTEBuilder.Select"]
  returns: "github.com/huandu/go-sqlbuilder.SelectBuilder")
(stub ["github.com/huandu/go-sqlbuilder.NewInsertBuilder" "github.com/huandu/go-sqlbuilder.InsertInto" "github.com/huandu/go-sqlbuilder.InsertIgnoreInto" "github.com/huandu/go-sqlbuilder.ReplaceInto" "github.com/huandu/go-sqlbuilder.Flavor.NewInsertBuilder" "github.com/huandu/go-sqlbuilder.InsertBuilder.Clone" "github.com/huandu/go-sqlbuilder.Struct.InsertInto" "github.com/huandu/go-sqlbuilder.Struct.InsertIgnoreInto" "github.com/huandu/go-sqlbuilder.Struct.ReplaceInto" "github.com/huandu/go-sqlbuilder.Struct.InsertIntoForTag" "github.com/huandu/go-sqlbuilder.Struct.InsertIgnoreIntoForTag" "github.com/huandu/go-sqlbuilder.Struct.ReplaceIntoForTag"]
  returns: "github.com/huandu/go-sqlbuilder.InsertBuilder")
(stub ["github.com/huandu/go-sqlbuilder.NewUpdateBuilder" "github.com/huandu/go-sqlbuilder.Update" "github.com/huandu/go-sqlbuilder.Flavor.NewUpdateBuilder" "github.com/huandu/go-sqlbuilder.UpdateBuilder.Clone" "github.com/huandu/go-sqlbuilder.Struct.Update" "github.com/huandu/go-sqlbuilder.Struct.UpdateForTag" "github.com/huandu/go-sqlbuilder.CTEBuilder.Update"]
  returns: "github.com/huandu/go-sqlbuilder.UpdateBuilder")
(stub ["github.com/huandu/go-sqlbuilder.NewDeleteBuilder" "github.com/huandu/go-sqlbuilder.DeleteFrom" "github.com/huandu/go-sqlbuilder.Flavor.NewDeleteBuilder" "github.com/huandu/go-sqlbuilder.DeleteBuilder.Clone" "github.com/huandu/go-sqlbuilder.Struct.DeleteFrom" "github.com/huandu/go-sqlbuilder.CTEBuilder.DeleteFrom"]
  returns: "github.com/huandu/go-sqlbuilder.DeleteBuilder")
(stub ["github.com/huandu/go-sqlbuilder.SelectBuilder.Select" "github.com/huandu/go-sqlbuilder.SelectBuilder.SelectMore" "github.com/huandu/go-sqlbuilder.SelectBuilder.Distinct" "github.com/huandu/go-sqlbuilder.SelectBuilder.From" "github.com/huandu/go-sqlbuilder.SelectBuilder.Join" "github.com/huandu/go-sqlbuilder.SelectBuilder.JoinWithOption" "github.com/huandu/go-sqlbuilder.SelectBuilder.Where" "github.com/huandu/go-sqlbuilder.SelectBuilder.AddWhereClause" "github.com/huandu/go-sqlbuilder.SelectBuilder.AddWhereExpr" "github.com/huandu/go-sqlbuilder.SelectBuilder.GroupBy" "github.com/huandu/go-sqlbuilder.SelectBuilder.Having" "github.com/huandu/go-sqlbuilder.SelectBuilder.OrderBy" "github.com/huandu/go-sqlbuilder.SelectBuilder.OrderByAsc" "github.com/huandu/go-sqlbuilder.SelectBuilder.OrderByDesc" "github.com/huandu/go-sqlbuilder.SelectBuilder.Asc" "github.com/huandu/go-sqlbuilder.SelectBuilder.Desc" "github.com/huandu/go-sqlbuilder.SelectBuilder.Limit" "github.com/huandu/go-sqlbuilder.SelectBuilder.Offset" "github.com/huandu/go-sqlbuilder.SelectBuilder.ForUpdate" "github.com/huandu/go-sqlbuilder.SelectBuilder.ForShare" "github.com/huandu/go-sqlbuilder.SelectBuilder.SQL" "github.com/huandu/go-sqlbuilder.SelectBuilder.With" "github.com/huandu/go-sqlbuilder.SelectBuilder.SetFlavor"]
  returns: self)
(stub ["github.com/huandu/go-sqlbuilder.InsertBuilder.InsertInto" "github.com/huandu/go-sqlbuilder.InsertBuilder.InsertIgnoreInto" "github.com/huandu/go-sqlbuilder.InsertBuilder.ReplaceInto" "github.com/huandu/go-sqlbuilder.InsertBuilder.Cols" "github.com/huandu/go-sqlbuilder.InsertBuilder.Values" "github.com/huandu/go-sqlbuilder.InsertBuilder.Returning" "github.com/huandu/go-sqlbuilder.InsertBuilder.SQL" "github.com/huandu/go-sqlbuilder.InsertBuilder.SetFlavor"]
  returns: self)
(stub ["github.com/huandu/go-sqlbuilder.UpdateBuilder.Update" "github.com/huandu/go-sqlbuilder.UpdateBuilder.Set" "github.com/huandu/go-sqlbuilder.UpdateBuilder.SetMore" "github.com/huandu/go-sqlbuilder.UpdateBuilder.Where" "github.com/huandu/go-sqlbuilder.UpdateBuilder.AddWhereClause" "github.com/huandu/go-sqlbuilder.UpdateBuilder.AddWhereExpr" "github.com/huandu/go-sqlbuilder.UpdateBuilder.OrderBy" "github.com/huandu/go-sqlbuilder.UpdateBuilder.Asc" "github.com/huandu/go-sqlbuilder.UpdateBuilder.Desc" "github.com/huandu/go-sqlbuilder.UpdateBuilder.Limit" "github.com/huandu/go-sqlbuilder.UpdateBuilder.Returning" "github.com/huandu/go-sqlbuilder.UpdateBuilder.SQL" "github.com/huandu/go-sqlbuilder.UpdateBuilder.With" "github.com/huandu/go-sqlbuilder.UpdateBuilder.SetFlavor"]
  returns: self)
(stub ["github.com/huandu/go-sqlbuilder.DeleteBuilder.DeleteFrom" "github.com/huandu/go-sqlbuilder.DeleteBuilder.Where" "github.com/huandu/go-sqlbuilder.DeleteBuilder.AddWhereClause" "github.com/huandu/go-sqlbuilder.DeleteBuilder.AddWhereExpr" "github.com/huandu/go-sqlbuilder.DeleteBuilder.OrderBy" "github.com/huandu/go-sqlbuilder.DeleteBuilder.Asc" "github.com/huandu/go-sqlbuilder.DeleteBuilder.Desc" "github.com/huandu/go-sqlbuilder.DeleteBuilder.Limit" "github.com/huandu/go-sqlbuilder.DeleteBuilder.Returning" "github.com/huandu/go-sqlbuilder.DeleteBuilder.SQL" "github.com/huandu/go-sqlbuilder.DeleteBuilder.With" "github.com/huandu/go-sqlbuilder.DeleteBuilder.SetFlavor"]
  returns: self)

; Tables that are read.
((call receiver: (_) @_builder method: "From" argument[*]: (string) @embedded.sql
  (#type? @_builder "github.com/huandu/go-sqlbuilder.SelectBuilder")
  (#set! sql.fragment "true") (#set! access.join)))
((call receiver: (_) @_builder method: "Join" argument[0]: (string) @embedded.sql
  (#type? @_builder "github.com/huandu/go-sqlbuilder.SelectBuilder")
  (#set! sql.fragment "true") (#set! access.join)))
((call receiver: (_) @_builder method: "JoinWithOption" argument[1]: (string) @embedded.sql
  (#type? @_builder "github.com/huandu/go-sqlbuilder.SelectBuilder")
  (#set! sql.fragment "true") (#set! access.join)))
; `From(sb.As("orders", "o"))`
((call receiver: (_) @_builder method: ["From" "Join"]
       argument: (call receiver: (_) method: "As" argument[0]: (string) @embedded.sql)
  (#type? @_builder "github.com/huandu/go-sqlbuilder.SelectBuilder")
  (#set! sql.fragment "true") (#set! access.join)))
((call receiver: (_) @_struct method: ["SelectFrom" "SelectFromForTag"] argument[0]: (string) @embedded.sql
  (#type? @_struct "github.com/huandu/go-sqlbuilder.Struct")
  (#set! sql.fragment "true") (#set! access.join)))
; Tables that are written.
((call callee: (_) @_f argument[0]: (string) @access.target
  (#is? @_f "github.com/huandu/go-sqlbuilder.InsertInto" "github.com/huandu/go-sqlbuilder.InsertIgnoreInto" "github.com/huandu/go-sqlbuilder.ReplaceInto")
  (#set! access.target "name") (#set! operation "insert")) @access)
((call callee: (_) @_f argument[0]: (string) @access.target
  (#is? @_f "github.com/huandu/go-sqlbuilder.Update")
  (#set! access.target "name") (#set! operation "update")) @access)
((call callee: (_) @_f argument[0]: (string) @access.target
  (#is? @_f "github.com/huandu/go-sqlbuilder.DeleteFrom")
  (#set! access.target "name") (#set! operation "delete")) @access)
((call receiver: (_) @access.receiver
       method: ["InsertInto" "InsertIgnoreInto" "ReplaceInto" "InsertIntoForTag" "InsertIgnoreIntoForTag" "ReplaceIntoForTag"
                "Update" "UpdateForTag" "DeleteFrom"] @access.verb
       argument[0]: (string) @access.target
  (#type? @access.receiver "github.com/huandu/go-sqlbuilder.Struct" "github.com/huandu/go-sqlbuilder.InsertBuilder" "github.com/huandu/go-sqlbuilder.UpdateBuilder" "github.com/huandu/go-sqlbuilder.DeleteBuilder")
  (#set! access.target "name")
  (#set! access.insert "InsertInto InsertIgnoreInto ReplaceInto InsertIntoForTag InsertIgnoreIntoForTag ReplaceIntoForTag")
  (#set! access.update "Update UpdateForTag") (#set! access.delete "DeleteFrom")) @access)
; Columns that an insert gives.
((call receiver: (_) @access.receiver method: "Cols" argument[*]: (_) @access.column
  (#type? @access.receiver "github.com/huandu/go-sqlbuilder.InsertBuilder")
  (#set! operation "columns")) @access)
; Sub-selects as text.
((call receiver: (_) @_builder method: ["Select" "SelectMore" "Where" "Having" "Set" "SQL"] argument: (string) @embedded.sql
  (#type? @_builder "github.com/huandu/go-sqlbuilder.SelectBuilder" "github.com/huandu/go-sqlbuilder.InsertBuilder" "github.com/huandu/go-sqlbuilder.UpdateBuilder" "github.com/huandu/go-sqlbuilder.DeleteBuilder")
  (#match? @embedded.sql "(?is)\\bselect\\b.*\\bfrom\\b")
  (#set! sql.fragment "true")))
; A builder that another function or a field gave does what it was made for where it is built.
((call receiver: (_) @embedded.sql method: ["Build" "BuildWithFlavor"]
  (#type? @embedded.sql "github.com/huandu/go-sqlbuilder.SelectBuilder" "github.com/huandu/go-sqlbuilder.InsertBuilder" "github.com/huandu/go-sqlbuilder.UpdateBuilder" "github.com/huandu/go-sqlbuilder.DeleteBuilder")
  (#set! access.elsewhere "true") (#set! sql.chain)))
