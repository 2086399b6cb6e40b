; entgo.io/ent: schemas as entities, and the accesses in the code that ent generates (sqlgraph specs), which calls from the
; project reach through the generated builders.
; Whoever runs a generated builder touches its table, and that of an edge that the query loads along.
; Known misses: without the generated code in the tree, queries are not seen; edges give no foreign keys; tables of a predicate count
; where it is made, not for the query it is handed to; statements that the library sends through the generated transaction.

((definition kind: "type" base: (_) @_base
  (#is? @_base "entgo.io/ent.Schema" "github.com/facebook/ent.Schema")
  (#set! entity.store "{name|snake|plural}")) @definition.entity)

((call callee: (_) @_f argument[0]: (string) @access.target
  (#is? @_f "entgo.io/ent/dialect/sql/sqlgraph.NewQuerySpec")
  (#set! access.target "name") (#set! operation "select")) @access)
((call callee: (_) @_f argument[0]: (string) @access.target
  (#is? @_f "entgo.io/ent/dialect/sql/sqlgraph.NewCreateSpec")
  (#set! access.target "name") (#set! operation "insert")) @access)
((call callee: (_) @_f argument[0]: (string) @access.target
  (#is? @_f "entgo.io/ent/dialect/sql/sqlgraph.NewUpdateSpec")
  (#set! access.target "name") (#set! operation "update")) @access)
((call callee: (_) @_f argument[0]: (string) @access.target
  (#is? @_f "entgo.io/ent/dialect/sql/sqlgraph.NewDeleteSpec")
  (#set! access.target "name") (#set! operation "delete")) @access)
((construct of: (_) @_of field[Node]: (construct field[Table]: (string) @access.target)
  (#is? @_of "entgo.io/ent/dialect/sql/sqlgraph.QuerySpec")
  (#set! access.target "name") (#set! operation "select")) @access)
((construct of: (_) @_of field[Table]: (string) @access.target
  (#is? @_of "entgo.io/ent/dialect/sql/sqlgraph.CreateSpec")
  (#set! access.target "name") (#set! operation "insert")) @access)
((construct of: (_) @_of field[Node]: (construct field[Table]: (string) @access.target)
  (#is? @_of "entgo.io/ent/dialect/sql/sqlgraph.UpdateSpec")
  (#set! access.target "name") (#set! operation "update")) @access)
((construct of: (_) @_of field[Node]: (construct field[Table]: (string) @access.target)
  (#is? @_of "entgo.io/ent/dialect/sql/sqlgraph.DeleteSpec")
  (#set! access.target "name") (#set! operation "delete")) @access)
; A spec is about its table; what runs it reads or writes that table.
(stub "entgo.io/ent/dialect/sql/sqlgraph.NewQuerySpec" returns: "entgo.io/ent/dialect/sql/sqlgraph.QuerySpec" subject: argument[0])
(stub "entgo.io/ent/dialect/sql/sqlgraph.NewCreateSpec" returns: "entgo.io/ent/dialect/sql/sqlgraph.CreateSpec" subject: argument[0])
(stub "entgo.io/ent/dialect/sql/sqlgraph.NewUpdateSpec" returns: "entgo.io/ent/dialect/sql/sqlgraph.UpdateSpec" subject: argument[0])
(stub "entgo.io/ent/dialect/sql/sqlgraph.NewDeleteSpec" returns: "entgo.io/ent/dialect/sql/sqlgraph.DeleteSpec" subject: argument[0])
((call receiver: (_) @_graph method: ["QueryNodes" "CountNodes" "CreateNode" "UpdateNode" "UpdateNodes" "DeleteNodes"] @access.verb
       argument[2]: (_) @access.target
  (#is? @_graph "entgo.io/ent/dialect/sql/sqlgraph")
  (#set! access.target "name")
  (#set! access.select "QueryNodes CountNodes") (#set! access.insert "CreateNode")
  (#set! access.update "UpdateNode UpdateNodes") (#set! access.delete "DeleteNodes") (#set! access.reads "UpdateNode")) @access)
; Queries that are put together and sent by the driver.
(stub "entgo.io/ent/dialect/sql.Dialect" returns: "entgo.io/ent/dialect/sql.DialectBuilder")
(stub "entgo.io/ent/dialect/sql.Select" returns: "entgo.io/ent/dialect/sql.Selector")
(stub "entgo.io/ent/dialect/sql.DialectBuilder.Select" returns: "entgo.io/ent/dialect/sql.Selector")
(stub "entgo.io/ent/dialect/sql.Selector.*" returns: self)
((call receiver: (_) @access.receiver method: "Table" argument[0]: (string) @access.target
  (#type? @access.receiver "entgo.io/ent/dialect/sql.DialectBuilder")
  (#set! access.target "name") (#set! access.confidence "likely") (#set! operation "select")) @access)
((call receiver: (_) @_db method: ["Query" "Exec"] argument[1]: (string) @embedded.sql
  (#type? @_db "entgo.io/ent/dialect.Driver" "entgo.io/ent/dialect.ExecQuerier" "entgo.io/ent/dialect.Tx")))
; Edges: predicates and traversals read the far side, and the table between; what a create or update hangs on writes them.
((call callee: (_) @_f argument[0]: (string) @access.target
  (#is? @_f "entgo.io/ent/dialect/sql/sqlgraph.To" "entgo.io/ent/dialect/sql.Table")
  (#set! access.target "name") (#set! access.confidence "likely") (#set! operation "select")) @access)
((call callee: (_) @_f argument[0]: (member name: "M2M") argument[2]: (string) @access.target
  (#is? @_f "entgo.io/ent/dialect/sql/sqlgraph.Edge")
  (#set! access.target "name") (#set! access.confidence "likely") (#set! operation "select")) @access)
((construct of: (_) @_of field[Rel]: (member name: "M2M") field[Table]: (string) @access.target
  (#is? @_of "entgo.io/ent/dialect/sql/sqlgraph.EdgeSpec")
  (#set! access.target "name") (#set! access.confidence "likely") (#set! operation "insert")) @access)
((construct of: (_) @_of field[Rel]: (member name: "O2M") field[Table]: (string) @access.target
  (#is? @_of "entgo.io/ent/dialect/sql/sqlgraph.EdgeSpec")
  (#set! access.target "name") (#set! access.confidence "likely") (#set! operation "update")) @access)

; What the generated wrappers run for their callers.
((call callee: (name "withHooks") argument[1]: (member)
  (#set! call.runs "argument[1]")) @call)
((call callee: (name "withInterceptors") argument[2]: (name)
  (#set! call.runs "argument[1].sqlAll")) @call)
((call callee: (name "withInterceptors") argument[2]: (call callee: (name "querierCount"))
  (#set! call.runs "argument[1].sqlCount")) @call)
((call callee: (name "scanWithInterceptors") argument[2]: (_)
  (#set! call.runs "argument[2].sqlScan")) @call)

; Who runs a builder touches what its inner methods do.
((call receiver: (_) @access.target
       method: ["All" "AllX" "First" "FirstX" "FirstID" "FirstIDX" "Only" "OnlyX" "OnlyID" "OnlyIDX" "IDs" "IDsX"
                "Count" "CountX" "Exist" "ExistX"] @access.verb
  (#set! access.through "querySpec")) @access)
((call receiver: (_) @access.target method: ["Get" "GetX"] @access.verb
  (#set! access.through "Query.querySpec")) @access)
((call receiver: (_) @access.target
       method: ["Scan" "ScanX" "Strings" "StringsX" "String" "StringX" "Ints" "IntsX" "Int" "IntX" "Float64s" "Float64sX" "Float64" "Float64X"
                "Bools" "BoolsX" "Bool" "BoolX"] @access.verb
  (#set! access.through "sqlScan *.querySpec")) @access)
((call receiver: (_) @access.target method: ["Save" "SaveX" "Exec" "ExecX"] @access.verb
  (#set! access.through "createSpec sqlSave sqlExec *.createSpec *.sqlExec")) @access)
; `WithOwner()` loads along what the builder's member `withOwner` asks for.
((call receiver: (_) @access.target method: _ @access.verb
  (#match? @access.verb "^With[A-Z]")
  (#set! access.through "{verb}.querySpec") (#set! access.confidence "likely")) @access)
