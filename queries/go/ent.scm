; entgo.io/ent: schemas as entities, and the accesses in the code that ent generates (sqlgraph specs), which calls from the
; project reach through the generated builders.
; Known misses: without the generated code in the tree, queries are not seen; edges give no foreign keys.

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
