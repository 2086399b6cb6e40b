; Alembic migrations: tables and columns that operations create, rename and drop; SQL run by them.
; batch_alter_table with its operations. Known misses: operations in loops, columns that batches add.

((call callee: (_) @_create argument[0]: (text) @entity.store) @definition.store
  (#is? @_create "alembic.op.create_table"))
((call callee: (_) @_create argument[0]: (text) @entity.store keyword[schema]: (text) @entity.schema) @definition.store
  (#is? @_create "alembic.op.create_table"))
((call callee: (_) @_create argument[0]: (text) @entity.store argument[*]: (call callee: (_) @_column argument[0]: (text) @entity.column)) @definition.store
  (#is? @_create "alembic.op.create_table") (#eq? @_column "Column"))
((call callee: (_) @_create argument[0]: (text) @entity.store
   argument[*]: (call callee: (_) @_column argument[0]: (text) @entity.column keyword[primary_key]: (constant "True"))) @definition.store
  (#is? @_create "alembic.op.create_table") (#eq? @_column "Column") (#set! column.primary "true"))
((call callee: (_) @_create argument[0]: (text) @entity.store
   argument[*]: (call callee: (_) @_column argument[0]: (text) @entity.column argument: (call callee: (_) @_key argument[0]: (text) @entity.relation))) @definition.store
  (#is? @_create "alembic.op.create_table") (#eq? @_column "Column") (#eq? @_key "ForeignKey") (#set! relation.kind "foreign-key"))
((call callee: (_) @_add argument[0]: (text) @entity.store argument[1]: (call callee: (_) @_column argument[0]: (text) @entity.column)) @definition.store
  (#is? @_add "alembic.op.add_column") (#eq? @_column "Column"))
((call callee: (_) @_change argument[0]: (text) @access.target) @access
  (#is? @_change "alembic.op.add_column" "alembic.op.drop_column" "alembic.op.alter_column")
  (#set! operation "ddl") (#set! access.target "name"))
((call callee: (_) @_change argument[0]: (text) @access.target) @access
  (#is? @_change "alembic.op.create_table") (#set! schema.creates "upgrade")
  (#set! operation "ddl") (#set! access.target "name"))
((call callee: (_) @_change argument[0]: (text) @access.target) @access
  (#is? @_change "alembic.op.drop_table" "alembic.op.rename_table") (#set! schema.drops "upgrade")
  (#set! operation "ddl") (#set! access.target "name"))
((call callee: (_) @_change argument[1]: (text) @access.target) @access
  (#is? @_change "alembic.op.rename_table") (#set! schema.creates "upgrade")
  (#set! operation "ddl") (#set! access.target "name"))
((call callee: (_) @_change argument[1]: (text) @access.target) @access
  (#is? @_change "alembic.op.create_index" "alembic.op.create_foreign_key" "alembic.op.create_unique_constraint" "alembic.op.drop_constraint")
  (#set! operation "ddl") (#set! access.target "name"))
((call callee: (_) @_insert argument[0]: (_) @access.target) @access
  (#is? @_insert "alembic.op.bulk_insert") (#set! operation "insert"))
((call callee: (_) @_execute argument[0]: [(text) (name)] @embedded.sql)
  (#is? @_execute "alembic.op.execute"))
(stub "alembic.op.get_bind" returns: "sqlalchemy.engine.Connection")
(stub "alembic.op.create_table" returns: "sqlalchemy.Table")

(stub "alembic.op.batch_alter_table" returns: "alembic.op.BatchOperations" subject: argument[0])
((call callee: (_) @_batch argument[0]: (text) @access.target) @access
  (#is? @_batch "alembic.op.batch_alter_table") (#set! operation "ddl") (#set! access.target "name"))
((call receiver: (_) @access.receiver method: ["add_column" "drop_column" "alter_column" "create_index" "drop_index" "create_foreign_key" "create_unique_constraint"
    "create_check_constraint" "create_primary_key" "drop_constraint"]) @access
  (#type? @access.receiver "alembic.op.BatchOperations") (#set! operation "ddl"))
