; github.com/Masterminds/squirrel v1: builders from the package and from a StatementBuilder.
; Whole statements and sub-selects in `Expr`, `Where`, `Prefix` and their like.
; Known misses: sub-selects as values are read where they are built; common table expressions put together from clauses.

(stub "github.com/Masterminds/squirrel.StatementBuilder" is: "github.com/Masterminds/squirrel.StatementBuilderType")
(stub ["github.com/Masterminds/squirrel.StatementBuilderType.PlaceholderFormat"
       "github.com/Masterminds/squirrel.StatementBuilderType.RunWith"
       "github.com/Masterminds/squirrel.StatementBuilderType.Where"] returns: self)
(stub ["github.com/Masterminds/squirrel.Select" "github.com/Masterminds/squirrel.StatementBuilderType.Select"]
  returns: "github.com/Masterminds/squirrel.SelectBuilder")
(stub ["github.com/Masterminds/squirrel.Insert" "github.com/Masterminds/squirrel.Replace"
       "github.com/Masterminds/squirrel.StatementBuilderType.Insert" "github.com/Masterminds/squirrel.StatementBuilderType.Replace"]
  returns: "github.com/Masterminds/squirrel.InsertBuilder")
(stub ["github.com/Masterminds/squirrel.Update" "github.com/Masterminds/squirrel.StatementBuilderType.Update"]
  returns: "github.com/Masterminds/squirrel.UpdateBuilder")
(stub ["github.com/Masterminds/squirrel.Delete" "github.com/Masterminds/squirrel.StatementBuilderType.Delete"]
  returns: "github.com/Masterminds/squirrel.DeleteBuilder")
(stub ["github.com/Masterminds/squirrel.SelectBuilder.*" "github.com/Masterminds/squirrel.InsertBuilder.*"
       "github.com/Masterminds/squirrel.UpdateBuilder.*" "github.com/Masterminds/squirrel.DeleteBuilder.*"] returns: self)

((call receiver: (_) @_builder
       method: ["From" "Join" "LeftJoin" "RightJoin" "InnerJoin" "CrossJoin"] argument[0]: (string) @embedded.sql
  (#type? @_builder "github.com/Masterminds/squirrel.SelectBuilder")
  (#set! sql.fragment "true") (#set! access.join)))
((call callee: (_) @_f argument[0]: (string) @access.target
  (#is? @_f "github.com/Masterminds/squirrel.Insert" "github.com/Masterminds/squirrel.Replace") (#not-eq? @access.target "")
  (#set! access.target "name") (#set! operation "insert")) @access)
((call callee: (_) @_f argument[0]: (string) @access.target
  (#is? @_f "github.com/Masterminds/squirrel.Update") (#not-eq? @access.target "")
  (#set! access.target "name") (#set! operation "update")) @access)
((call callee: (_) @_f argument[0]: (string) @access.target
  (#is? @_f "github.com/Masterminds/squirrel.Delete") (#not-eq? @access.target "")
  (#set! access.target "name") (#set! operation "delete")) @access)
((call receiver: (_) @access.receiver method: ["Insert" "Replace" "Update" "Delete"] @access.verb argument[0]: (string) @access.target
  (#type? @access.receiver "github.com/Masterminds/squirrel.StatementBuilderType")
  (#not-eq? @access.target "")
  (#set! access.target "name")
  (#set! access.insert "Insert Replace") (#set! access.update "Update") (#set! access.delete "Delete")) @access)
; The table named later: an empty name before it says nothing.
((call receiver: (_) @access.receiver method: ["Into" "Table"] @access.verb argument[0]: (string) @access.target
  (#type? @access.receiver "github.com/Masterminds/squirrel.InsertBuilder" "github.com/Masterminds/squirrel.UpdateBuilder")
  (#set! access.target "name")
  (#set! access.insert "Into") (#set! access.update "Table")) @access)
((call receiver: (_) @access.receiver method: "From" argument[0]: (string) @access.target
  (#type? @access.receiver "github.com/Masterminds/squirrel.DeleteBuilder")
  (#set! access.target "name") (#set! operation "delete")) @access)
((call receiver: (_) @_builder method: "From" argument[0]: (string) @embedded.sql
  (#type? @_builder "github.com/Masterminds/squirrel.UpdateBuilder")
  (#set! sql.fragment "true") (#set! access.join)))
; Columns that a write gives.
((call receiver: (_) @access.receiver method: "Set" argument[0]: (string) @access.column
  (#type? @access.receiver "github.com/Masterminds/squirrel.UpdateBuilder")
  (#set! operation "columns")) @access)
((call receiver: (_) @access.receiver method: "Columns" argument[*]: (_) @access.column
  (#type? @access.receiver "github.com/Masterminds/squirrel.InsertBuilder")
  (#set! operation "columns")) @access)
((call receiver: (_) @access.receiver method: "SetMap" argument[0]: (_) @access.row
  (#type? @access.receiver "github.com/Masterminds/squirrel.UpdateBuilder" "github.com/Masterminds/squirrel.InsertBuilder")
  (#set! operation "columns")) @access)
; Joins written out.
((call receiver: (_) @_builder method: "JoinClause" argument[0]: (string) @embedded.sql
  (#type? @_builder "github.com/Masterminds/squirrel.SelectBuilder")
  (#match? @embedded.sql "(?i)\\bjoin\\b")
  (#set! sql.fragment "true") (#set! access.join)))
; Statements and sub-selects as text.
((call callee: (_) @_f argument[0]: (string) @embedded.sql
  (#is? @_f "github.com/Masterminds/squirrel.Expr")
  (#match? @embedded.sql "(?is)^\\s*(select|insert|update|delete|with)\\s.*\\b(from|into|set)\\b")))
((call callee: (_) @_f argument[0]: (string) @embedded.sql
  (#is? @_f "github.com/Masterminds/squirrel.Expr")
  (#match? @embedded.sql "(?is)^.*[^\\s].*\\bselect\\b.*\\bfrom\\b")
  (#not-match? @embedded.sql "(?is)^\\s*(select|insert|update|delete|with)\\s")
  (#set! sql.fragment "true")))
((call receiver: (_) @_builder method: ["Where" "Having" "Column" "Prefix" "Suffix" "Set"] argument: (string) @embedded.sql
  (#type? @_builder "github.com/Masterminds/squirrel.SelectBuilder" "github.com/Masterminds/squirrel.UpdateBuilder"
                    "github.com/Masterminds/squirrel.DeleteBuilder" "github.com/Masterminds/squirrel.InsertBuilder")
  (#match? @embedded.sql "(?is)\\bselect\\b.*\\bfrom\\b")
  (#set! sql.fragment "true")))
; A builder that another function made does what it was made for where it is run.
((call receiver: (_) @embedded.sql method: ["Query" "QueryContext" "QueryRow" "QueryRowContext" "Scan" "ScanContext" "Exec" "ExecContext"]
  (#type? @embedded.sql "github.com/Masterminds/squirrel.SelectBuilder" "github.com/Masterminds/squirrel.UpdateBuilder"
                        "github.com/Masterminds/squirrel.DeleteBuilder" "github.com/Masterminds/squirrel.InsertBuilder")
  (#set! access.elsewhere "true") (#set! sql.chain)))
; A builder that comes from a field or from another function, handed to a function that runs it: who goes on building hands a builder back.
((call callee: (_) @_f argument[*]: (_) @embedded.sql) @_call
  (#type? @embedded.sql "github.com/Masterminds/squirrel.SelectBuilder" "github.com/Masterminds/squirrel.UpdateBuilder"
                        "github.com/Masterminds/squirrel.DeleteBuilder" "github.com/Masterminds/squirrel.InsertBuilder")
  (#not-is? @_f "github.com/Masterminds/squirrel.*")
  (#not-type? @_call "github.com/Masterminds/squirrel.SelectBuilder" "github.com/Masterminds/squirrel.UpdateBuilder"
                     "github.com/Masterminds/squirrel.DeleteBuilder" "github.com/Masterminds/squirrel.InsertBuilder")
  (#set! access.elsewhere "true") (#set! sql.chain))
; What was run, or written out, is no builder any more.
(stub ["github.com/Masterminds/squirrel.SelectBuilder.ToSql" "github.com/Masterminds/squirrel.InsertBuilder.ToSql"
       "github.com/Masterminds/squirrel.UpdateBuilder.ToSql" "github.com/Masterminds/squirrel.DeleteBuilder.ToSql"
       "github.com/Masterminds/squirrel.SelectBuilder.MustSql" "github.com/Masterminds/squirrel.InsertBuilder.MustSql"
       "github.com/Masterminds/squirrel.UpdateBuilder.MustSql" "github.com/Masterminds/squirrel.DeleteBuilder.MustSql"]
  returns: "github.com/Masterminds/squirrel.Statement")
(stub ["github.com/Masterminds/squirrel.SelectBuilder.Query" "github.com/Masterminds/squirrel.SelectBuilder.QueryContext"
       "github.com/Masterminds/squirrel.InsertBuilder.Query" "github.com/Masterminds/squirrel.UpdateBuilder.Query"
       "github.com/Masterminds/squirrel.DeleteBuilder.Query" "github.com/Masterminds/squirrel.InsertBuilder.QueryContext"
       "github.com/Masterminds/squirrel.UpdateBuilder.QueryContext" "github.com/Masterminds/squirrel.DeleteBuilder.QueryContext"]
  returns: "database/sql.Rows")
(stub ["github.com/Masterminds/squirrel.SelectBuilder.QueryRow" "github.com/Masterminds/squirrel.SelectBuilder.QueryRowContext"
       "github.com/Masterminds/squirrel.InsertBuilder.QueryRow" "github.com/Masterminds/squirrel.InsertBuilder.QueryRowContext"
       "github.com/Masterminds/squirrel.UpdateBuilder.QueryRow" "github.com/Masterminds/squirrel.UpdateBuilder.QueryRowContext"
       "github.com/Masterminds/squirrel.DeleteBuilder.QueryRow" "github.com/Masterminds/squirrel.DeleteBuilder.QueryRowContext"]
  returns: "github.com/Masterminds/squirrel.RowScanner")
(stub ["github.com/Masterminds/squirrel.InsertBuilder.Exec" "github.com/Masterminds/squirrel.UpdateBuilder.Exec"
       "github.com/Masterminds/squirrel.DeleteBuilder.Exec" "github.com/Masterminds/squirrel.InsertBuilder.ExecContext"
       "github.com/Masterminds/squirrel.UpdateBuilder.ExecContext" "github.com/Masterminds/squirrel.DeleteBuilder.ExecContext"]
  returns: "database/sql.Result")
