; SQLModel: classes with table=True, Field(primary_key=.., foreign_key=..), Relationship. Sessions and statements are SQLAlchemy's.

((definition kind: "type" attribute: (call callee: (name "class") keyword[table]: (constant "True"))) @definition.entity
  (#is? @definition.entity "sqlmodel.SQLModel") (#set! entity.store "{name|lower}") (#set! entity.columns "fields"))
; The name worked out from the class, in a base class: a class without a table of its own has none either.
((definition kind: "type" attribute: (call callee: (name "class") keyword[table]: (constant "True"))) @definition.entity
  (#is? @definition.entity "sqlmodel.SQLModel") (#set! entity.named_by "__tablename__")
  (#set! entity.store "{name|lower} {name|snake} {name|snake|plural} {name|lower|plural} {name}"))
((definition kind: "type" attribute: (call callee: (name "class") keyword[table]: (constant "True"))
   member[__tablename__]: (definition value: (text) @entity.store)) @definition.entity
  (#is? @definition.entity "sqlmodel.SQLModel") (#set! entity.columns "fields"))
((definition kind: "type" attribute: (call callee: (name "class") keyword[table]: (constant "True"))
   member[*]: (definition kind: "field" value: (call callee: (_) @_field keyword[primary_key]: (constant "True"))) @entity.column) @definition.entity
  (#is? @definition.entity "sqlmodel.SQLModel") (#eq? @_field "Field") (#set! column.primary "true"))
((definition kind: "type" attribute: (call callee: (name "class") keyword[table]: (constant "True"))
   member[*]: (definition kind: "field" value: (call callee: (_) @_field keyword[foreign_key]: (text) @entity.relation)) @entity.column) @definition.entity
  (#is? @definition.entity "sqlmodel.SQLModel") (#eq? @_field "Field") (#set! relation.kind "foreign-key") (#set! relation.column "{field}"))
((definition kind: "type" member[*]: (definition kind: "field" declared: (_) @entity.relation value: (call callee: (_) @_relation)) @entity.column) @definition.entity
  (#is? @definition.entity "sqlmodel.SQLModel") (#eq? @_relation "Relationship") (#set! relation.kind "has-many") (#set! relation.loads "true"))
; A deleted row takes its key out of the rows that point to it, which are read for that, or has them deleted.
((definition kind: "type" member[*]: (definition kind: "field" declared: (index base: (name ["list" "List"]) index: (_) @entity.relation) value: (call callee: (_) @_relation)) @entity.column) @definition.entity
  (#is? @definition.entity "sqlmodel.SQLModel") (#eq? @_relation "Relationship") (#set! relation.kind "has-many") (#set! relation.loads "true")
  (#set! relation.cascade "loosened") (#set! relation.unless "passive_deletes=all passive_deletes=True"))
((definition kind: "type" member[*]: (definition kind: "field" declared: (index base: (name ["list" "List"]) index: (_) @entity.relation)
     value: (call callee: (_) @_relation keyword[cascade_delete]: (constant "True"))) @entity.column) @definition.entity
  (#is? @definition.entity "sqlmodel.SQLModel") (#eq? @_relation "Relationship") (#set! relation.kind "has-many") (#set! relation.loads "true") (#set! relation.cascade "owned"))
((definition kind: "type" member[*]: (definition kind: "field" declared: (index base: (name ["list" "List"]) index: (_) @entity.relation)
     value: (call callee: (_) @_relation keyword[sa_relationship_kwargs]: (mapping key[cascade]: (text) @_cascade))) @entity.column) @definition.entity
  (#is? @definition.entity "sqlmodel.SQLModel") (#eq? @_relation "Relationship") (#match? @_cascade "all|delete")
  (#set! relation.kind "has-many") (#set! relation.loads "true") (#set! relation.cascade "owned"))
; The table between two entities.
((definition kind: "type" member[*]: (definition kind: "field" declared: (index base: (name ["list" "List"]) index: (_) @entity.relation)
     value: (call callee: (_) @_relation keyword[link_model]: (_) @entity.link)) @entity.column) @definition.entity
  (#is? @definition.entity "sqlmodel.SQLModel") (#eq? @_relation "Relationship") (#set! relation.kind "has-many") (#set! relation.loads "true"))
; What loads with the entity.
((definition kind: "type" member[*]: (definition kind: "field" declared: [(index base: (name ["list" "List"]) index: (_) @entity.relation) (_) @entity.relation]
     value: (call callee: (_) @_relation keyword[sa_relationship_kwargs]: (mapping key[lazy]: (text) @_lazy))) @entity.column) @definition.entity
  (#is? @definition.entity "sqlmodel.SQLModel") (#eq? @_relation "Relationship") (#any-of? @_lazy "joined" "selectin" "subquery" "immediate")
  (#set! relation.kind "has-many") (#set! relation.loads "true") (#set! relation.eager "true"))

(stub "sqlmodel.SQLModel" extends: "sqlalchemy.orm.DeclarativeBase")
