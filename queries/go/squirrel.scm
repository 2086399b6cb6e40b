; github.com/Masterminds/squirrel v1: builders from the package and from a StatementBuilder.
; Known misses: sub-selects as values are read where they are built.

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
  (#is? @_f "github.com/Masterminds/squirrel.Insert" "github.com/Masterminds/squirrel.Replace")
  (#set! access.target "name") (#set! operation "insert")) @access)
((call callee: (_) @_f argument[0]: (string) @access.target
  (#is? @_f "github.com/Masterminds/squirrel.Update")
  (#set! access.target "name") (#set! operation "update")) @access)
((call callee: (_) @_f argument[0]: (string) @access.target
  (#is? @_f "github.com/Masterminds/squirrel.Delete")
  (#set! access.target "name") (#set! operation "delete")) @access)
((call receiver: (_) @access.receiver method: ["Insert" "Replace" "Update" "Delete"] @access.verb argument[0]: (string) @access.target
  (#type? @access.receiver "github.com/Masterminds/squirrel.StatementBuilderType")
  (#set! access.target "name")
  (#set! access.insert "Insert Replace") (#set! access.update "Update") (#set! access.delete "Delete")) @access)
