; xorm.io/builder and github.com/go-xorm/builder 0.3: statements and sub-selects put together beside xorm.
; What is read counts where it is built: conditions are handed about, and a statement is mostly a part of another one.
; Known misses: `Union`; tables that an expression names (`From(sub, "alias")` is told where `sub` is built).

(stub "github.com/go-xorm/builder.Builder" same: "xorm.io/builder.Builder")
(stub ["xorm.io/builder.Select" "xorm.io/builder.Dialect" "xorm.io/builder.MySQL" "xorm.io/builder.Postgres" "xorm.io/builder.SQLite" "xorm.io/builder.MsSQL"
       "github.com/go-xorm/builder.Select" "github.com/go-xorm/builder.Dialect" "github.com/go-xorm/builder.MySQL" "github.com/go-xorm/builder.Postgres"
       "github.com/go-xorm/builder.SQLite" "github.com/go-xorm/builder.MsSQL"] returns: "xorm.io/builder.Builder")
(stub ["xorm.io/builder.Delete" "github.com/go-xorm/builder.Delete" "xorm.io/builder.Builder.Delete"] returns: "xorm.io/builder.(deleting)")
(stub ["xorm.io/builder.Insert" "github.com/go-xorm/builder.Insert" "xorm.io/builder.Builder.Insert"] returns: "xorm.io/builder.(inserting)")
(stub ["xorm.io/builder.Update" "github.com/go-xorm/builder.Update" "xorm.io/builder.Builder.Update"] returns: "xorm.io/builder.(updating)")
(stub ["xorm.io/builder.Builder.*" "xorm.io/builder.(deleting).*" "xorm.io/builder.(inserting).*" "xorm.io/builder.(updating).*"] returns: self)

((call receiver: (_) @_builder method: ["From" "InnerJoin" "LeftJoin" "RightJoin" "CrossJoin" "FullJoin"] argument[0]: (string) @embedded.sql
  (#type? @_builder "xorm.io/builder.Builder")
  (#set! sql.fragment "true") (#set! access.join)))
((call receiver: (_) @_builder method: "Join" argument[1]: (string) @embedded.sql
  (#type? @_builder "xorm.io/builder.Builder")
  (#set! sql.fragment "true") (#set! access.join)))
((call receiver: (_) @access.receiver method: "From" argument[0]: (string) @access.target
  (#type? @access.receiver "xorm.io/builder.(deleting)")
  (#set! access.target "name") (#set! operation "delete")) @access)
((call receiver: (_) @access.receiver method: "Into" argument[0]: (string) @access.target
  (#type? @access.receiver "xorm.io/builder.(inserting)")
  (#set! access.target "name") (#set! operation "insert")) @access)
((call receiver: (_) @access.receiver method: "From" argument[0]: (string) @access.target
  (#type? @access.receiver "xorm.io/builder.(updating)")
  (#set! access.target "name") (#set! operation "update")) @access)
; Conditions as text.
((call callee: (_) @_f argument[0]: (string) @embedded.sql
  (#is? @_f "xorm.io/builder.Expr" "github.com/go-xorm/builder.Expr")
  (#match? @embedded.sql "(?is)\\bselect\\b.*\\bfrom\\b")
  (#set! sql.fragment "true")))
