; SQLModel: classes with table=True, Field(primary_key=.., foreign_key=..), Relationship. Sessions and statements are SQLAlchemy's.

((definition kind: "type" attribute: (call callee: (name "class") keyword[table]: (constant "True"))) @definition.entity
  (#is? @definition.entity "sqlmodel.SQLModel") (#set! entity.store "{name|lower}") (#set! entity.columns "fields"))
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

(stub "sqlmodel.SQLModel" extends: "sqlalchemy.orm.DeclarativeBase")
