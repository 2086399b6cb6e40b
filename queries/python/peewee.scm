; peewee: Model with Meta.table_name, foreign keys, queries on the class, instance methods, atomic().
; Known misses: table functions in Meta, playhouse extensions beyond the pools, a program in which only some models keep the old
; way of naming, writes by a key in brackets.

((definition kind: "type" member[Meta]: (definition member[table_name]: (definition value: (text) @entity.store))) @definition.entity
  (#is? @definition.entity "peewee.Model"))
((definition kind: "type" member[Meta]: (definition member[db_table]: (definition value: (text) @entity.store))) @definition.entity
  (#is? @definition.entity "peewee.Model"))
((definition kind: "type") @definition.entity
  (#is? @definition.entity "peewee.Model") (#set! entity.store "{name|lower|snake}"))
; What only others extend has no table.
((definition kind: "type") @definition.entity
  (#is? @definition.entity "peewee.Model") (#set! entity.abstract "bare") (#set! entity.store "{name|lower|snake}"))
; A name that is put together in a way that cannot be read is that of no table (a class that a function makes for each of several).
((definition kind: "type" member[Meta]: (definition member[table_name]: (definition value: (_) @entity.store))) @definition.entity
  (#is? @definition.entity "peewee.Model") (#set! entity.abstract "true"))
; Words of the names are kept apart where the Meta of a base says so; without it, all is lower case first.
((definition kind: "type" member[Meta]: (definition member[legacy_table_names]: (definition value: (constant "False")))) @definition.naming
  (#is? @definition.naming "peewee.Model") (#set! naming.without "lower"))
((definition kind: "type" member[*]: (definition kind: "field" value: (call callee: (_) @_field)) @entity.column) @definition.entity
  (#is? @definition.entity "peewee.Model") (#match? @_field "Field$") (#not-any-of? @_field "ManyToManyField" "ForeignKeyField"))
((definition kind: "type" member[*]: (definition kind: "field" value: (call callee: (_) @_field keyword[primary_key]: (constant "True"))) @entity.column) @definition.entity
  (#is? @definition.entity "peewee.Model") (#match? @_field "Field$") (#set! column.primary "true"))
((definition kind: "type" member[*]: (definition kind: "field" value: (call callee: (_) @_field [argument[0]: (_) @entity.relation keyword[model]: (_) @entity.relation])) @entity.column) @definition.entity
  (#is? @definition.entity "peewee.Model") (#eq? @_field "ForeignKeyField") (#set! relation.kind "foreign-key") (#set! relation.loads "true")
  (#set! inverse.name "{name|lower}_set") (#set! inverse.type "peewee.Query"))
((definition kind: "type" member[*]: (definition kind: "field"
     value: (call callee: (_) @_field [argument[0]: (_) @entity.relation keyword[model]: (_) @entity.relation] [keyword[backref]: (text) @entity.inverse keyword[related_name]: (text) @entity.inverse])) @entity.column) @definition.entity
  (#is? @definition.entity "peewee.Model") (#eq? @_field "ForeignKeyField") (#set! relation.kind "foreign-key") (#set! relation.loads "true") (#set! inverse.type "peewee.Query"))

((definition kind: "type" member[*]: (definition kind: "field" value: (call callee: (_) @_field [argument[0]: (_) @entity.relation keyword[model]: (_) @entity.relation])) @entity.column) @definition.entity
  (#is? @definition.entity "peewee.Model") (#eq? @_field "ForeignKeyField") (#set! relation.kind "foreign-key") (#set! relation.loads "true") (#set! relation.cascade "delete"))
; What has columns is a model, also where its base is made by another package.
((definition kind: "type" base: (_) member[*]: (definition kind: "field" value: (call callee: (_) @_field))) @definition.entity
  (#is? @_field "peewee.*") (#match? @_field "Field$") (#not-is? @definition.entity "peewee.*") (#set! entity.extends "peewee.Model"))
((call receiver: (_) @access.target method: _ @access.verb) @access
  (#is? @access.target "peewee.Model")
  (#set! access.select "select get get_or_none get_by_id filter raw") (#set! access.insert "create insert insert_many insert_from bulk_create")
  (#set! access.update "update set_by_id bulk_update") (#set! access.upsert "replace replace_many get_or_create")
  (#set! access.delete "delete delete_by_id truncate_table") (#set! access.ddl "create_table drop_table")
  (#set! access.reads "get_or_create"))
; `Tweet[1]` is the row with this key.
((index base: (_) @access.target) @access
  (#is? @access.target "peewee.Model") (#set! operation "select"))
; Where another function made the query, or a relation is one, it is read where it runs.
((call receiver: (_) @access.receiver method: _ @access.verb) @access
  (#type? @access.receiver "peewee.Query")
  (#set! access.select "get first get_or_none count exists scalar peek iterator tuples dicts namedtuples objects where order_by group_by limit offset paginate select distinct"))
((call receiver: (_) @access.target method: _ @access.verb) @access
  (#type? @access.target "peewee.Model") (#set! access.upsert "save") (#set! access.delete "delete_instance"))
; Rows that point to the deleted one go with it, or lose their key.
((call receiver: (_) @access.target method: "delete_instance" keyword[recursive]: (constant "True")) @access
  (#type? @access.target "peewee.Model") (#set! operation "delete") (#set! access.cascade "row"))
((call receiver: (_) @access.receiver method: ["join" "switch"] argument[0]: (_) @access.target) @access
  (#type? @access.receiver "peewee.Query") (#set! operation "select") (#set! access.join))
((call receiver: (_) @access.receiver method: "execute_sql" argument[0]: (string) @embedded.sql)
  (#type? @access.receiver "peewee.Database"))

(stub ["peewee.Model.select" "peewee.Model.filter"] returns: "peewee.Query" subject: owner)
(stub ["peewee.Model.insert" "peewee.Model.insert_many" "peewee.Model.update" "peewee.Model.delete" "peewee.Model.replace"] returns: "peewee.WriteQuery" subject: owner)
(stub "peewee.WriteQuery.*" returns: self)
(stub ["peewee.Model.get" "peewee.Model.get_or_none" "peewee.Model.get_by_id" "peewee.Model.create" "peewee.Model.get_or_create"] returns: subject)
(stub "peewee.Model.[]" returns: subject subject: owner)
(stub "peewee.Query.*" returns: self)
(stub "peewee.Query.[]" returns: subject)
(stub "peewee.Model._meta.table_name" is: store)
(stub ["peewee.Query.get" "peewee.Query.first" "peewee.Query.get_or_none"] returns: subject)
(stub ["peewee.SqliteDatabase" "peewee.PostgresqlDatabase" "peewee.MySQLDatabase" "peewee.Proxy" "peewee.DatabaseProxy" "playhouse.pool.PooledPostgresqlDatabase"
       "playhouse.pool.PooledMySQLDatabase" "playhouse.postgres_ext.PostgresqlExtDatabase" "playhouse.sqlite_ext.SqliteExtDatabase"] extends: "peewee.Database")
((with (call receiver: (_) @_database method: ["atomic" "transaction" "savepoint"])) @transaction (#type? @_database "peewee.Database"))
((definition attribute: (call receiver: (_) @_database method: "atomic")) @transaction (#type? @_database "peewee.Database"))
