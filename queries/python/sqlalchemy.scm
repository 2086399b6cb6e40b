; SQLAlchemy 1.x and 2.x: declarative (Base, DeclarativeBase, Mapped), imperative mapping, Core tables, select/insert/
; update/delete, Query, Session and its asynchronous and scoped relatives, Flask-SQLAlchemy, association tables, text().
; Known misses: hybrid expressions, automap, tables reflected at run time, events.

; ---- entities

((definition kind: "type" member[__tablename__]: (definition value: (string) @entity.store)) @definition.entity
  (#is? @definition.entity "sqlalchemy.orm.DeclarativeBase") (#set! entity.joined "true"))
((definition kind: "type" member[__tablename__]: (definition value: (text) @entity.store)
   member[__table_args__]: (definition value: (mapping key[schema]: (text) @entity.schema))) @definition.entity
  (#is? @definition.entity "sqlalchemy.orm.DeclarativeBase"))
((definition kind: "type" member[__tablename__]: (definition value: (text) @entity.store)
   member[__table_args__]: (definition value: (sequence item[-1]: (mapping key[schema]: (text) @entity.schema)))) @definition.entity
  (#is? @definition.entity "sqlalchemy.orm.DeclarativeBase"))
; __tablename__ computed from the class, in a base class or a mixin: one of these, most often the name in lower case.
((definition kind: "type" member[__tablename__]: (definition kind: "method") @entity.store) @definition.entity
  (#is? @definition.entity "sqlalchemy.orm.DeclarativeBase") (#set! entity.abstract "true"))
((definition kind: "type") @definition.entity
  (#is? @definition.entity "sqlalchemy.orm.DeclarativeBase") (#not-is? @definition.entity "sqlmodel.SQLModel") (#set! entity.named_by "__tablename__") (#set! entity.joined "true")
  (#set! entity.store "{name|lower} {name|snake} {name|snake|plural} {name|lower|plural} {name}"))
((definition kind: "type" member[__abstract__]: (definition value: (constant "True"))) @definition.entity
  (#is? @definition.entity "sqlalchemy.orm.DeclarativeBase") (#set! entity.abstract "true"))
((definition kind: "type" member[__table__]: (definition value: (call callee: (_) @_table argument[0]: (text) @entity.store))) @definition.entity
  (#is? @definition.entity "sqlalchemy.orm.DeclarativeBase") (#is? @_table "sqlalchemy.Table"))
((definition kind: "type" member[__table__]: (definition value: [(name) (member)] @entity.store)) @definition.entity
  (#is? @definition.entity "sqlalchemy.orm.DeclarativeBase"))
; Imperative mapping.
((call receiver: (_) @_registry method: "map_imperatively" argument[0]: (_) @entity.of
   [argument[1]: (_) @entity.store keyword[local_table]: (_) @entity.store]) @definition.entity
  (#type? @_registry "sqlalchemy.orm.registry"))
((call callee: (_) @_mapper argument[0]: (_) @entity.of
   [argument[1]: (_) @entity.store keyword[local_table]: (_) @entity.store]) @definition.entity
  (#is? @_mapper "sqlalchemy.orm.mapper" "sqlalchemy.orm.registry.map_imperatively"))
((definition kind: "type") @definition.entity
  (#is? @definition.entity "flask_sqlalchemy.SQLAlchemy.Model") (#set! entity.store "{name|snake}") (#set! entity.joined "true") (#set! entity.single "true"))

((definition kind: "type" member[*]: (definition kind: "field" value: (call callee: (_) @_column)) @entity.column) @definition.entity
  (#is? @definition.entity "sqlalchemy.orm.DeclarativeBase") (#any-of? @_column "Column" "mapped_column"))
((definition kind: "type" member[*]: (definition kind: "field" value: (call callee: (_) @_column argument[0]: (text) @column.name)) @entity.column) @definition.entity
  (#is? @definition.entity "sqlalchemy.orm.DeclarativeBase") (#any-of? @_column "Column" "mapped_column"))
((definition kind: "type" member[*]: (definition kind: "field" declared: (index base: (_) @_mapped)) @entity.column) @definition.entity
  (#is? @definition.entity "sqlalchemy.orm.DeclarativeBase") (#is? @_mapped "sqlalchemy.orm.Mapped"))
((definition kind: "type" member[*]: (definition kind: "field" value: (call callee: (_) @_column argument[*]: (_) @column.type)) @entity.column) @definition.entity
  (#is? @definition.entity "sqlalchemy.orm.DeclarativeBase") (#any-of? @_column "Column" "mapped_column")
  (#set! column.nullable "nullable=True")
  (#set! column.types "Integer=INTEGER INTEGER=INTEGER BigInteger=BIGINT BIGINT=BIGINT SmallInteger=SMALLINT String=VARCHAR(<0>) VARCHAR=VARCHAR(<0>) Unicode=VARCHAR(<0>) Text=TEXT TEXT=TEXT
    UnicodeText=TEXT Boolean=BOOLEAN BOOLEAN=BOOLEAN DateTime=TIMESTAMP TIMESTAMP=TIMESTAMP Date=DATE DATE=DATE Time=TIME Interval=INTERVAL Float=DOUBLE_PRECISION
    Double=DOUBLE_PRECISION Numeric=NUMERIC(<0>,<1>) DECIMAL=NUMERIC(<0>,<1>) LargeBinary=BYTEA JSON=JSON JSONB=JSONB Uuid=UUID UUID=UUID"))
((definition kind: "type" member[*]: (definition kind: "field" declared: (index base: (_) @_mapped index: (_) @column.type)) @entity.column) @definition.entity
  (#is? @definition.entity "sqlalchemy.orm.DeclarativeBase") (#is? @_mapped "sqlalchemy.orm.Mapped")
  (#set! column.types "int=INTEGER str=VARCHAR bool=BOOLEAN float=DOUBLE_PRECISION Decimal=NUMERIC datetime=TIMESTAMP date=DATE time=TIME timedelta=INTERVAL bytes=BYTEA UUID=UUID"))
((definition kind: "type" member[*]: (definition kind: "field" value: (call callee: (_) @_column keyword[primary_key]: (constant "True"))) @entity.column) @definition.entity
  (#is? @definition.entity "sqlalchemy.orm.DeclarativeBase") (#any-of? @_column "Column" "mapped_column") (#set! column.primary "true"))
((definition kind: "type" member[*]: (definition kind: "field" value: (call callee: (_) @_column argument: (call callee: (_) @_key argument[0]: (_) @entity.relation))) @entity.column) @definition.entity
  (#is? @definition.entity "sqlalchemy.orm.DeclarativeBase") (#any-of? @_column "Column" "mapped_column") (#eq? @_key "ForeignKey")
  (#set! relation.kind "foreign-key") (#set! relation.column "{field}"))
; A deleted row takes its key out of the rows that point to it, which are read for that.
((definition kind: "type" member[*]: (definition kind: "field" value: (call callee: (_) @_relation argument[0]: (_) @entity.relation)) @entity.column) @definition.entity
  (#is? @definition.entity "sqlalchemy.orm.DeclarativeBase") (#any-of? @_relation "relationship" "dynamic_loader")
  (#set! relation.kind "has-many") (#set! relation.loads "true") (#set! relation.cascade "loosened")
  (#set! relation.unless "viewonly=True passive_deletes=True passive_deletes=all"))
; The table between two entities, the name that the other side gets, what goes with a deleted row.
((definition kind: "type" member[*]: (definition kind: "field" value: (call callee: (_) @_relation argument[0]: (_) @entity.relation keyword[secondary]: (_) @entity.link)) @entity.column) @definition.entity
  (#is? @definition.entity "sqlalchemy.orm.DeclarativeBase") (#any-of? @_relation "relationship" "dynamic_loader")
  (#set! relation.kind "has-many") (#set! relation.loads "true"))
((definition kind: "type" member[*]: (definition kind: "field" declared: (index base: (_) @_mapped index: (index index: (_) @entity.relation))
     value: (call callee: (_) @_relation keyword[secondary]: (_) @entity.link)) @entity.column) @definition.entity
  (#is? @definition.entity "sqlalchemy.orm.DeclarativeBase") (#is? @_mapped "sqlalchemy.orm.Mapped") (#any-of? @_relation "relationship")
  (#set! relation.kind "has-many") (#set! relation.loads "true"))
((definition kind: "type" member[*]: (definition kind: "field" value: (call callee: (_) @_relation argument[0]: (_) @entity.relation
     [keyword[backref]: (text) @entity.inverse keyword[backref]: (call callee: (_) @_backref argument[0]: (text) @entity.inverse)])) @entity.column) @definition.entity
  (#is? @definition.entity "sqlalchemy.orm.DeclarativeBase") (#any-of? @_relation "relationship")
  (#set! relation.kind "has-many") (#set! relation.loads "true"))
((definition kind: "type" member[*]: (definition kind: "field" value: (call callee: (_) @_relation argument[0]: (_) @entity.relation keyword[secondary]: (_) @entity.link
     [keyword[backref]: (text) @entity.inverse keyword[backref]: (call callee: (_) @_backref argument[0]: (text) @entity.inverse)])) @entity.column) @definition.entity
  (#is? @definition.entity "sqlalchemy.orm.DeclarativeBase") (#any-of? @_relation "relationship")
  (#set! relation.kind "has-many") (#set! relation.loads "true"))
((definition kind: "type" member[*]: (definition kind: "field" value: (call callee: (_) @_relation argument[0]: (_) @entity.relation keyword[cascade]: (text) @_cascade)) @entity.column) @definition.entity
  (#is? @definition.entity "sqlalchemy.orm.DeclarativeBase") (#any-of? @_relation "relationship") (#match? @_cascade "all|delete")
  (#set! relation.kind "has-many") (#set! relation.loads "true") (#set! relation.cascade "owned"))
((definition kind: "type" member[*]: (definition kind: "field" declared: (index base: (_) @_mapped index: (index index: (_) @entity.relation))
     value: (call callee: (_) @_relation keyword[cascade]: (text) @_cascade)) @entity.column) @definition.entity
  (#is? @definition.entity "sqlalchemy.orm.DeclarativeBase") (#is? @_mapped "sqlalchemy.orm.Mapped") (#any-of? @_relation "relationship") (#match? @_cascade "all|delete")
  (#set! relation.kind "has-many") (#set! relation.loads "true") (#set! relation.cascade "owned"))
; The same said by the name that the other side gets: its rows go, or keep no key, when that one is deleted.
((definition kind: "type" member[*]: (definition kind: "field" value: (call callee: (_) @_relation argument[0]: (_) @entity.relation keyword[backref]: (_) @_backref)) @entity.column) @definition.entity
  (#is? @definition.entity "sqlalchemy.orm.DeclarativeBase") (#any-of? @_relation "relationship")
  (#set! relation.kind "has-many") (#set! relation.loads "true") (#set! relation.cascade "leaves") (#set! relation.unless "passive_deletes=True passive_deletes=all viewonly=True"))
((definition kind: "type" member[*]: (definition kind: "field" value: (call callee: (_) @_relation argument[0]: (_) @entity.relation
     keyword[backref]: (call callee: (_) @_backref argument[0]: (text) @entity.inverse keyword[cascade]: (text) @_cascade))) @entity.column) @definition.entity
  (#is? @definition.entity "sqlalchemy.orm.DeclarativeBase") (#any-of? @_relation "relationship") (#match? @_cascade "all|delete")
  (#set! relation.kind "has-many") (#set! relation.loads "true") (#set! relation.cascade "belongs"))
; What loads with the entity.
((definition kind: "type" member[*]: (definition kind: "field" value: (call callee: (_) @_relation argument[0]: (_) @entity.relation keyword[lazy]: (text) @_lazy)) @entity.column) @definition.entity
  (#is? @definition.entity "sqlalchemy.orm.DeclarativeBase") (#any-of? @_relation "relationship") (#any-of? @_lazy "joined" "selectin" "subquery" "immediate")
  (#set! relation.kind "has-many") (#set! relation.loads "true") (#set! relation.eager "true"))
((definition kind: "type" member[*]: (definition kind: "field" value: (call callee: (_) @_relation argument[0]: (_) @entity.relation keyword[lazy]: (constant "False"))) @entity.column) @definition.entity
  (#is? @definition.entity "sqlalchemy.orm.DeclarativeBase") (#any-of? @_relation "relationship")
  (#set! relation.kind "has-many") (#set! relation.loads "true") (#set! relation.eager "true"))
((definition kind: "type" member[*]: (definition kind: "field" declared: (index base: (_) @_mapped index: [(name) (text)] @entity.relation) value: (call callee: (_) @_relation keyword[lazy]: (text) @_lazy)) @entity.column) @definition.entity
  (#is? @definition.entity "sqlalchemy.orm.DeclarativeBase") (#is? @_mapped "sqlalchemy.orm.Mapped") (#any-of? @_relation "relationship") (#any-of? @_lazy "joined" "selectin" "subquery" "immediate")
  (#set! relation.kind "has-many") (#set! relation.loads "true") (#set! relation.eager "true"))
((definition kind: "type" member[*]: (definition kind: "field" declared: (index base: (_) @_mapped index: (index index: (_) @entity.relation)) value: (call callee: (_) @_relation keyword[lazy]: (text) @_lazy)) @entity.column) @definition.entity
  (#is? @definition.entity "sqlalchemy.orm.DeclarativeBase") (#is? @_mapped "sqlalchemy.orm.Mapped") (#any-of? @_relation "relationship") (#any-of? @_lazy "joined" "selectin" "subquery" "immediate")
  (#set! relation.kind "has-many") (#set! relation.loads "true") (#set! relation.eager "true"))
; A column that is worked out by a query of another entity loads with the row.
((definition kind: "type" member[*]: (definition kind: "field" value: (call callee: (_) @_property argument[0]: (_) @entity.relation)) @entity.column) @definition.entity
  (#is? @definition.entity "sqlalchemy.orm.DeclarativeBase") (#any-of? @_property "column_property")
  (#set! relation.kind "has-many") (#set! relation.eager "true") (#set! relation.unless "deferred=True"))
; What a relation's rows are related to, under a name of its own: `tags = association_proxy("product", "tags")`.
((definition kind: "type" member[*]: (definition kind: "field" value: (call callee: (_) @_proxy argument[0]: (text) @entity.along argument[1]: (text) @entity.far)) @entity.column) @definition.entity
  (#is? @definition.entity "sqlalchemy.orm.DeclarativeBase") (#any-of? @_proxy "association_proxy"))
; Mapped[Customer], Mapped[list["Line"]]: the declared type names the other side where the call does not.
((definition kind: "type" member[*]: (definition kind: "field" declared: (index base: (_) @_mapped index: (name) @entity.relation) value: (call callee: (_) @_relation)) @entity.column) @definition.entity
  (#is? @definition.entity "sqlalchemy.orm.DeclarativeBase") (#is? @_mapped "sqlalchemy.orm.Mapped") (#any-of? @_relation "relationship")
  (#set! relation.kind "has-many") (#set! relation.loads "true"))
((definition kind: "type" member[*]: (definition kind: "field" declared: (index base: (_) @_mapped index: (text) @entity.relation) value: (call callee: (_) @_relation)) @entity.column) @definition.entity
  (#is? @definition.entity "sqlalchemy.orm.DeclarativeBase") (#is? @_mapped "sqlalchemy.orm.Mapped") (#any-of? @_relation "relationship")
  (#set! relation.kind "has-many") (#set! relation.loads "true"))
((definition kind: "type" member[*]: (definition kind: "field" declared: (index base: (_) @_mapped index: (index index: (_) @entity.relation)) value: (call callee: (_) @_relation)) @entity.column) @definition.entity
  (#is? @definition.entity "sqlalchemy.orm.DeclarativeBase") (#is? @_mapped "sqlalchemy.orm.Mapped") (#any-of? @_relation "relationship")
  (#set! relation.kind "has-many") (#set! relation.loads "true") (#set! relation.cascade "loosened")
  (#set! relation.unless "viewonly=True passive_deletes=True passive_deletes=all"))

; A decorator makes a class the base of models, or one of them.
((definition kind: "type" attribute: (call callee: (_) @_base)) @definition.entity
  (#is? @_base "sqlalchemy.orm.as_declarative") (#set! entity.abstract "true") (#set! entity.extends "sqlalchemy.orm.DeclarativeBase"))
((definition kind: "type" attribute: (member base: (_) @_registry name: ["mapped" "mapped_as_dataclass" "as_declarative_base"])) @definition.entity
  (#type? @_registry "sqlalchemy.orm.registry") (#set! entity.extends "sqlalchemy.orm.DeclarativeBase"))
(stub ["sqlalchemy.ext.declarative.as_declarative" "sqlalchemy.ext.declarative.api.as_declarative" "sqlalchemy.orm.decl_api.as_declarative"] same: "sqlalchemy.orm.as_declarative")
; What has a table's name and columns is mapped, also where its base is made elsewhere.
((definition kind: "type" base: (_) member[__tablename__]: (definition) member[*]: (definition kind: "field" value: (call callee: (_) @_column))) @definition.entity
  (#is? @_column "sqlalchemy.Column" "sqlalchemy.orm.mapped_column" "sqlalchemy.schema.Column" "flask_sqlalchemy.SQLAlchemy.Column") (#not-is? @definition.entity "sqlalchemy.*" "flask_sqlalchemy.*" "sqlmodel.*")
  (#set! entity.extends "sqlalchemy.orm.DeclarativeBase"))
; What a class method declares is a relation or a column of those below.
((definition kind: "type" member[*]: (definition kind: "method" return: (call callee: (_) @_relation argument[0]: (_) @entity.relation)) @entity.column) @definition.entity
  (#is? @definition.entity "sqlalchemy.orm.DeclarativeBase") (#any-of? @_relation "relationship")
  (#set! relation.kind "has-many") (#set! relation.loads "true"))
((definition kind: "type" member[*]: (definition kind: "method" return: (call callee: (_) @_relation argument[0]: (_) @entity.relation keyword[lazy]: (text) @_lazy)) @entity.column) @definition.entity
  (#is? @definition.entity "sqlalchemy.orm.DeclarativeBase") (#any-of? @_relation "relationship") (#any-of? @_lazy "joined" "selectin" "subquery" "immediate")
  (#set! relation.kind "has-many") (#set! relation.loads "true") (#set! relation.eager "true"))
((definition kind: "type" member[*]: (definition kind: "method" return: (call callee: (_) @_column argument: (call callee: (_) @_key argument[0]: (_) @entity.relation))) @entity.column) @definition.entity
  (#is? @definition.entity "sqlalchemy.orm.DeclarativeBase") (#any-of? @_column "Column" "mapped_column") (#eq? @_key "ForeignKey")
  (#set! relation.kind "foreign-key") (#set! relation.column "{field}"))
((definition kind: "type" member[*]: (definition kind: "method" return: (call callee: (_) @_column)) @entity.column) @definition.entity
  (#is? @definition.entity "sqlalchemy.orm.DeclarativeBase") (#any-of? @_column "Column" "mapped_column"))

; ---- tables as values

((call callee: (_) @_table argument[0]: (text) @entity.store) @definition.store
  (#is? @_table "sqlalchemy.Table"))
((call callee: (_) @_table argument[0]: (text) @entity.store keyword[schema]: (text) @entity.schema) @definition.store
  (#is? @_table "sqlalchemy.Table"))
((call callee: (_) @_table argument[0]: (text) @entity.store argument[*]: (call callee: (_) @_column argument[0]: (text) @entity.column)) @definition.store
  (#is? @_table "sqlalchemy.Table") (#eq? @_column "Column"))
((call callee: (_) @_table argument[0]: (text) @entity.store
   argument[*]: (call callee: (_) @_column argument[0]: (text) @entity.column keyword[primary_key]: (constant "True"))) @definition.store
  (#is? @_table "sqlalchemy.Table") (#eq? @_column "Column") (#set! column.primary "true"))
((call callee: (_) @_table argument[0]: (text) @entity.store
   argument[*]: (call callee: (_) @_column argument[0]: (text) @entity.column argument: (call callee: (_) @_key argument[0]: (_) @entity.relation))) @definition.store
  (#is? @_table "sqlalchemy.Table") (#eq? @_column "Column") (#eq? @_key "ForeignKey")
  (#set! relation.kind "foreign-key"))

; ---- statements

((call callee: (_) @_select argument[*]: (_) @access.target) @access
  (#is? @_select "sqlalchemy.select") (#set! operation "select") (#set! access.within "true") (#set! access.asks "select with_only_columns") (#set! access.bare "exists subquery"))
; 1.x: select([users])
((call callee: (_) @_select argument[0]: (sequence item[*]: (_) @access.target)) @access
  (#is? @_select "sqlalchemy.select") (#set! operation "select") (#set! access.within "true") (#set! access.asks "select with_only_columns") (#set! access.bare "exists subquery"))
((call callee: (_) @_insert argument[0]: (_) @access.target) @access
  (#is? @_insert "sqlalchemy.insert" "sqlalchemy.dialects.postgresql.insert" "sqlalchemy.dialects.mysql.insert" "sqlalchemy.dialects.sqlite.insert" "sqlalchemy.sql.Insert")
  (#set! operation "insert"))
; What is to become of a row that is there already, said in the same chain.
((call receiver: (chain by: ["values" "returning" "from_select"] of: (call callee: (_) @_insert argument[0]: (_) @access.target) @access)
   method: ["on_conflict_do_update" "on_duplicate_key_update"])
  (#is? @_insert "sqlalchemy.dialects.postgresql.insert" "sqlalchemy.dialects.mysql.insert" "sqlalchemy.dialects.sqlite.insert")
  (#set! operation "upsert"))
((call callee: (_) @_update argument[0]: (_) @access.target) @access
  (#is? @_update "sqlalchemy.update") (#set! operation "update"))
((call callee: (_) @_delete argument[0]: (_) @access.target) @access
  (#is? @_delete "sqlalchemy.delete") (#set! operation "delete"))
((call callee: (_) @_exists argument[0]: (_) @access.target) @access
  (#is? @_exists "sqlalchemy.exists" "sqlalchemy.orm.aliased") (#set! operation "select"))
((call receiver: (_) @access.target method: _ @access.verb) @access
  (#type? @access.target "sqlalchemy.Table")
  (#set! access.select "select count join outerjoin alias") (#set! access.insert "insert") (#set! access.update "update") (#set! access.delete "delete")
  (#set! access.ddl "create drop"))
((call receiver: (_) @access.receiver method: ["join" "outerjoin" "select_from" "join_from"] argument[*]: (_) @access.target) @access
  (#type? @access.receiver "sqlalchemy.orm.Query" "sqlalchemy.Select") (#set! operation "select") (#set! access.join) (#set! access.within "true")
  (#set! access.subject "target"))
((call receiver: (_) @access.receiver method: ["add_entity" "add_columns" "with_entities"] argument[*]: (_) @access.target) @access
  (#type? @access.receiver "sqlalchemy.orm.Query" "sqlalchemy.Select") (#set! operation "select") (#set! access.join "loads") (#set! access.within "true")
  (#set! access.subject "target"))
((call receiver: (_) @access.receiver method: ["join" "outerjoin"] argument[0]: (_) @access.target) @access
  (#type? @access.receiver "sqlalchemy.Table") (#set! operation "select") (#set! access.join) (#set! access.subject "target"))
; An entity whose columns stand only in a condition is read with the rest of the statement.
((call receiver: (_) @access.receiver method: ["where" "filter" "having" "join" "outerjoin" "join_from" "outerjoin_from" "order_by" "group_by"]
   argument[*]: (_) @access.target) @access
  (#type? @access.receiver "sqlalchemy.orm.Query" "sqlalchemy.Select" "sqlalchemy.Statement") (#set! operation "select") (#set! access.compared))
; `Order.lines.any(..)` asks the other side.
((call receiver: (member base: (_) @_holder) @access.target method: ["any" "has" "of_type"]) @access
  (#is? @_holder "sqlalchemy.orm.DeclarativeBase") (#set! operation "select") (#set! access.join))
((call callee: (_) @_load argument[*]: (_) @access.target) @access
  (#is? @_load "sqlalchemy.orm.joinedload" "sqlalchemy.orm.selectinload" "sqlalchemy.orm.subqueryload" "sqlalchemy.orm.contains_eager")
  (#set! operation "select") (#set! access.also "relation") (#set! access.join) (#set! access.inside "function"))
; `selectinload(Order.lines).joinedload(Line.product)`
((call receiver: (_) @_load method: ["joinedload" "selectinload" "subqueryload"] argument[*]: (_) @access.target) @access
  (#type? @_load "sqlalchemy.orm.Load")
  (#set! operation "select") (#set! access.also "relation") (#set! access.join) (#set! access.inside "function"))
(stub ["sqlalchemy.orm.joinedload" "sqlalchemy.orm.selectinload" "sqlalchemy.orm.subqueryload" "sqlalchemy.orm.contains_eager" "sqlalchemy.orm.defaultload"
       "sqlalchemy.orm.lazyload" "sqlalchemy.orm.load_only"] returns: "sqlalchemy.orm.Load")
(stub "sqlalchemy.orm.Load.*" returns: self)
; Options that stand in a list, or in what an object was made with, say what is loaded where they are given to a query.
((call receiver: (_) @access.receiver method: "options" argument[*]: (_) @access.described)
  (#type? @access.receiver "sqlalchemy.orm.Query" "sqlalchemy.Select" "sqlalchemy.Statement"))
((call receiver: (_) @access.receiver method: "options" argument[-1]: (_) @access.described)
  (#type? @access.receiver "sqlalchemy.orm.Query" "sqlalchemy.Select" "sqlalchemy.Statement"))
((call receiver: (_) @access.receiver method: ["get" "get_one" "refresh"] keyword[options]: (_) @access.described)
  (#type? @access.receiver "sqlalchemy.orm.Session"))

; ---- sessions

((call receiver: (_) @access.receiver method: "query" argument[*]: (_) @access.target) @access
  (#type? @access.receiver "sqlalchemy.orm.Session") (#not-type? @access.target "sqlalchemy.TextClause") (#set! operation "select") (#set! access.untyped "likely") (#set! access.handle "any") (#set! access.within "true")
  (#set! access.asks "query with_entities") (#set! access.bare "count exists subquery update delete soft_delete"))
; Nobody knows whose member `session` is: asked for an entity, it gives a query of it.
((call receiver: (member name: ["session" "db_session" "dbsession"]) method: "query" argument[0]: (_) @access.target) @access
  (#set! operation "target") (#set! access.assumes "sqlalchemy.orm.Query"))
((call receiver: (_) method: "query" argument[0]: (_) @access.target) @access
  (#is? @access.target "sqlalchemy.orm.DeclarativeBase") (#set! operation "target") (#set! access.assumes "sqlalchemy.orm.Query"))
((call receiver: (_) @access.receiver method: _ @access.verb) @access
  (#type? @access.receiver "sqlalchemy.orm.Query")
  (#set! access.select "all first one one_or_none scalar scalars get filter filter_by order_by limit offset count exists subquery distinct group_by having get_or_404 first_or_404 one_or_404 paginate yield_per")
  (#set! access.asks "query with_entities") (#set! access.bare "count exists subquery update delete soft_delete")
  (#set! access.update "update soft_delete") (#set! access.delete "delete"))
((call receiver: (_) @access.receiver method: _ @access.verb argument[0]: (_) @access.target) @access
  (#type? @access.receiver "sqlalchemy.orm.Session") (#match? @access.receiver "(?i)sess|db|database|uow|transaction") (#set! access.untyped "likely") (#set! access.handle "any")
  (#set! access.pending "true")
  (#set! access.origin "id") (#set! access.insert "add bulk_insert_mappings") (#set! access.update "bulk_update_mappings") (#set! access.delete "delete") (#set! access.cascade "row")
  (#set! access.upsert "merge") (#set! access.reads "merge"))
; A set has an `add` too: under another name what is not known to be a session is a guess.
((call receiver: (_) @access.receiver method: _ @access.verb argument[0]: (_) @access.target) @access
  (#type? @access.receiver "sqlalchemy.orm.Session") (#not-match? @access.receiver "(?i)sess|db|database|uow|transaction") (#set! access.untyped "guess")
  (#set! access.pending "true")
  (#set! access.origin "id") (#set! access.insert "add bulk_insert_mappings") (#set! access.update "bulk_update_mappings") (#set! access.delete "delete") (#set! access.cascade "row")
  (#set! access.upsert "merge") (#set! access.reads "merge"))
; What takes a mapped row and is called a session is one, whoever made it.
((call receiver: (member name: ["session" "db_session" "dbsession"]) method: _ @access.verb argument[0]: (_) @access.target) @access
  (#type? @access.target "sqlalchemy.orm.DeclarativeBase") (#set! access.confidence "likely") (#set! access.pending "true")
  (#set! access.origin "id") (#set! access.insert "add") (#set! access.delete "delete") (#set! access.cascade "row")
  (#set! access.upsert "merge") (#set! access.reads "merge"))
((call receiver: (member name: ["session" "db_session" "dbsession"]) method: ["get" "get_one"] argument[0]: (_) @access.target) @access
  (#is? @access.target "sqlalchemy.orm.DeclarativeBase") (#set! operation "select") (#set! access.confidence "likely"))
; A row that adds itself may be there already.
((call receiver: (_) @access.receiver method: "add" argument[0]: (name "self") @access.target) @access
  (#type? @access.receiver "sqlalchemy.orm.Session") (#set! access.untyped "likely") (#set! access.handle "any") (#set! access.pending "true") (#set! operation "upsert"))
; A dictionary has a `get` too: here the session must be known.
((call receiver: (_) @access.receiver method: ["get" "refresh" "get_one"] argument[0]: (_) @access.target) @access
  (#type? @access.receiver "sqlalchemy.orm.Session") (#set! operation "select"))
((call receiver: (_) @access.receiver method: ["get" "refresh" "get_one"] argument[0]: (_) @access.target) @access
  (#type? @access.receiver "sqlalchemy.orm.Session") (#match? @access.receiver "(?i)sess|^db$") (#set! operation "select") (#set! access.untyped "likely") (#set! access.handle "any"))
((call receiver: (_) @access.receiver method: ["add_all" "bulk_save_objects"] argument[0]: (sequence item[*]: (_) @access.target)) @access
  (#type? @access.receiver "sqlalchemy.orm.Session") (#set! operation "insert") (#set! access.pending "true") (#set! access.untyped "likely") (#set! access.handle "any"))
((call receiver: (_) @access.receiver method: ["add_all" "bulk_save_objects"] argument[0]: [(name) (member) (call)] @access.target) @access
  (#type? @access.receiver "sqlalchemy.orm.Session") (#set! operation "insert") (#set! access.pending "true") (#set! access.untyped "likely") (#set! access.handle "any"))
; A statement that was made elsewhere runs where it is handed over.
((call receiver: (_) @access.receiver method: ["execute" "scalar" "scalars" "stream" "stream_scalars" "exec"] argument[0]: (_) @access.target) @access
  (#type? @access.receiver "sqlalchemy.orm.Session" "sqlalchemy.engine.Connection") (#type? @access.target "sqlalchemy.Select")
  (#set! operation "select") (#set! access.elsewhere "true") (#set! access.untyped "likely"))
((call receiver: (_) @access.receiver method: ["execute" "scalar" "scalars" "stream" "exec"] argument[0]: (_) @access.target) @access
  (#type? @access.receiver "sqlalchemy.orm.Session" "sqlalchemy.engine.Connection") (#type? @access.target "sqlalchemy.Insert")
  (#set! operation "insert") (#set! access.elsewhere "true") (#set! access.untyped "likely"))
((call receiver: (_) @access.receiver method: ["execute" "scalar" "scalars" "stream" "exec"] argument[0]: (_) @access.target) @access
  (#type? @access.receiver "sqlalchemy.orm.Session" "sqlalchemy.engine.Connection") (#type? @access.target "sqlalchemy.Update")
  (#set! operation "update") (#set! access.elsewhere "true") (#set! access.untyped "likely"))
((call receiver: (_) @access.receiver method: ["execute" "scalar" "scalars" "stream" "exec"] argument[0]: (_) @access.target) @access
  (#type? @access.receiver "sqlalchemy.orm.Session" "sqlalchemy.engine.Connection") (#type? @access.target "sqlalchemy.Delete")
  (#set! operation "delete") (#set! access.elsewhere "true") (#set! access.untyped "likely"))
; Members of a relation are written at the next flush.
((call receiver: (member base: (_) @_holder) @access.target method: ["append" "extend" "remove"] @access.verb) @access
  (#type? @_holder "sqlalchemy.orm.DeclarativeBase")
  (#set! access.update "append extend remove") (#set! access.link "append=insert extend=insert remove=delete") (#set! access.confidence "likely"))
; A new row that another one is given is written with it: at once where that one may be in the session already ..
((assign target: (member base: (_) @_holder) value: (_) @access.target) @access
  (#type? @_holder "sqlalchemy.orm.DeclarativeBase") (#type? @access.target "sqlalchemy.orm.DeclarativeBase") (#not-any-of? @_holder "self" "cls")
  (#set! operation "insert") (#set! access.made) (#set! access.confidence "likely") (#set! access.pending "true"))
((assign target: (member base: (_) @_holder) value: (sequence item[*]: [(name) (call)] @access.target)) @access
  (#type? @_holder "sqlalchemy.orm.DeclarativeBase") (#type? @access.target "sqlalchemy.orm.DeclarativeBase") (#not-any-of? @_holder "self" "cls")
  (#set! operation "insert") (#set! access.made) (#set! access.confidence "likely") (#set! access.pending "true"))
((assign target: (member base: (_) @_holder) value: (_) @access.target) @access
  (#type? @_holder "sqlalchemy.orm.DeclarativeBase") (#type? @access.target "sqlalchemy.orm.DeclarativeBase") (#eq? @_holder "self")
  (#set! operation "insert") (#set! access.made) (#set! access.confidence "likely") (#set! access.pending "only"))
((assign target: (member base: (_) @_holder) value: (sequence item[*]: [(name) (call)] @access.target)) @access
  (#type? @_holder "sqlalchemy.orm.DeclarativeBase") (#type? @access.target "sqlalchemy.orm.DeclarativeBase") (#eq? @_holder "self")
  (#set! operation "insert") (#set! access.made) (#set! access.confidence "likely") (#set! access.pending "only"))
; .. and by whoever settles where it is made with it: `Order(customer=Customer(..), lines=[Line(..)])`.
((call callee: (_) @_holder keyword[*]: [(name) (call)] @access.target) @access
  (#match? @_holder "^[A-Z]") (#is? @_holder "sqlalchemy.orm.DeclarativeBase") (#type? @access.target "sqlalchemy.orm.DeclarativeBase")
  (#set! operation "insert") (#set! access.made) (#set! access.confidence "likely") (#set! access.pending "only"))
((call callee: (_) @_holder keyword[*]: (sequence item[*]: [(name) (call)] @access.target)) @access
  (#match? @_holder "^[A-Z]") (#is? @_holder "sqlalchemy.orm.DeclarativeBase") (#type? @access.target "sqlalchemy.orm.DeclarativeBase")
  (#set! operation "insert") (#set! access.made) (#set! access.confidence "likely") (#set! access.pending "only"))
; A changed attribute is written at the next flush.
((assign target: (member base: (_) @access.target name: _ @access.column)) @access
  (#type? @access.target "sqlalchemy.orm.DeclarativeBase") (#not-any-of? @access.target "self" "cls")
  (#set! operation "update") (#set! access.confidence "likely") (#set! access.pending "true") (#set! access.unmade) (#set! access.replaced "elsewhere"))
; What a row's own method changes is written as well, and waits for whoever commits.
((assign target: (member base: (_) @access.target name: _ @access.column)) @access
  (#type? @access.target "sqlalchemy.orm.DeclarativeBase") (#eq? @access.target "self")
  (#set! operation "update") (#set! access.confidence "likely") (#set! access.pending "own") (#set! access.replaced "elsewhere"))
; A relation that is given anew loads what was there, whose keys or whose rows between change.
((assign target: (member base: (_) @_holder) @access.target)
  (#type? @_holder "sqlalchemy.orm.DeclarativeBase") (#not-any-of? @_holder "self" "cls") (#set! access.replaced "read-keys"))
((assign target: (member base: (_) @_holder) @access.target)
  (#type? @_holder "sqlalchemy.orm.DeclarativeBase") (#eq? @_holder "self") (#set! access.replaced "read"))
((assign target: (member base: (_) @_holder) @access.target value: (_) @_given)
  (#type? @_holder "sqlalchemy.orm.DeclarativeBase") (#not-any-of? @_holder "self" "cls")
  (#set! access.replaced "write") (#set! access.pending "true"))
((assign target: (member base: (_) @_holder) @access.target value: (_) @_given)
  (#type? @_holder "sqlalchemy.orm.DeclarativeBase") (#eq? @_holder "self")
  (#set! access.replaced "write") (#set! access.pending "only"))
; An attribute that a value names is changed as well.
((call callee: (name "setattr") argument[0]: (_) @access.target) @access
  (#type? @access.target "sqlalchemy.orm.DeclarativeBase") (#not-any-of? @access.target "self" "cls")
  (#set! operation "update") (#set! access.confidence "likely") (#set! access.pending "true"))
((call callee: (name "setattr") argument[0]: (_) @access.target) @access
  (#type? @access.target "sqlalchemy.orm.DeclarativeBase") (#eq? @access.target "self")
  (#set! operation "update") (#set! access.confidence "likely") (#set! access.pending "only"))
; A model of a package that nobody described.
((call receiver: (member base: [(name) (member)] @access.stranger name: "query")
       method: ["filter" "filter_by" "get" "all" "first" "one" "one_or_none" "count" "delete" "update" "order_by" "join" "options" "get_or_404" "first_or_404" "paginate"])
  (#match? @access.stranger "(^|\\.)[A-Z]\\w*[a-z]\\w*$"))
((call receiver: (_) @_session method: ["query" "get"] argument[0]: [(name) (member)] @access.stranger)
  (#type? @_session "sqlalchemy.orm.Session") (#match? @access.stranger "(^|\\.)[A-Z]\\w*[a-z]\\w*$"))
((call receiver: (_) @_session method: "flush") @access.settle
  (#type? @_session "sqlalchemy.orm.Session"))
; Rows expire at a commit, unless every session is made to keep them.
((call callee: (_) @_makes) @access.settle
  (#is? @_makes "sqlalchemy.orm.sessionmaker" "sqlalchemy.orm.Session" "flask_sqlalchemy.SQLAlchemy") (#set! access.reads "made"))
((call callee: (_) @_makes keyword[expire_on_commit]: (constant "False")) @access.settle
  (#is? @_makes "sqlalchemy.orm.sessionmaker" "sqlalchemy.orm.Session" "flask_sqlalchemy.SQLAlchemy") (#set! access.reads "never"))
((call callee: (_) @_makes keyword[session_options]: (mapping key[expire_on_commit]: (constant "False"))) @access.settle
  (#is? @_makes "flask_sqlalchemy.SQLAlchemy") (#set! access.reads "never"))
; What must be awaited loads no relation when it is read.
((call callee: (_) @_makes) @access.settle
  (#is? @_makes "sqlalchemy.ext.asyncio.AsyncSession" "sqlalchemy.ext.asyncio.async_sessionmaker") (#set! access.reads "awaited"))
((call callee: (_) @_makes keyword[class_]: (_) @_kind) @access.settle
  (#is? @_makes "sqlalchemy.orm.sessionmaker") (#is? @_kind "sqlalchemy.ext.asyncio.AsyncSession") (#set! access.reads "awaited"))
((call receiver: (_) @_session method: "commit") @access.settle
  (#type? @_session "sqlalchemy.orm.Session") (#not-type? @_session "sqlalchemy.ext.asyncio.AsyncSession") (#set! access.reads "after"))
((call receiver: (_) @_session method: "commit") @access.settle
  (#type? @_session "sqlalchemy.ext.asyncio.AsyncSession"))

((call callee: (_) @_text argument[0]: (string) @embedded.sql)
  (#is? @_text "sqlalchemy.text" "sqlalchemy.DDL") (#set! sql.expression "true"))
((call receiver: (_) @access.receiver method: ["execute" "scalar" "scalars" "exec_driver_sql" "stream"] argument[0]: [(text) (name) (member)] @embedded.sql)
  (#type? @access.receiver "sqlalchemy.orm.Session" "sqlalchemy.engine.Connection" "sqlalchemy.engine.Engine")
  (#not-type? @embedded.sql "sqlalchemy.Select" "sqlalchemy.Statement"))
; A statement that is built by calls: what it compares with is no part of it.
((call receiver: (_) @access.receiver method: ["execute" "scalar" "scalars" "stream" "stream_scalars"] argument[0]: [(name) (member) (call)] @embedded.sql)
  (#type? @access.receiver "sqlalchemy.orm.Session" "sqlalchemy.engine.Connection" "sqlalchemy.engine.Engine")
  (#type? @embedded.sql "sqlalchemy.Select" "sqlalchemy.Statement") (#set! access.untyped "likely") (#set! sql.chain "true"))

((with (call receiver: (_) @_session method: ["begin" "begin_nested"])) @transaction
  (#type? @_session "sqlalchemy.orm.Session" "sqlalchemy.engine.Engine" "sqlalchemy.engine.Connection"))
((call receiver: (_) @_session method: "rollback") @transaction
  (#type? @_session "sqlalchemy.orm.Session" "sqlalchemy.engine.Connection")
  (#set! transaction.end "true"))
; A session begins by itself; what was done since the last commit is one transaction.
((call receiver: (_) @_session method: "commit") @transaction
  (#type? @_session "sqlalchemy.orm.Session" "sqlalchemy.engine.Connection")
  (#set! transaction.end "true") (#set! transaction.closes "true"))

; Whoever is asked for a mapped type, or given a statement to run, is a session: where nobody says what a parameter is, this does.
((call receiver: (name) @parameter.asked method: "query" argument[0]: (_) @_entity)
  (#is? @_entity "sqlalchemy.orm.DeclarativeBase") (#set! parameter.is "sqlalchemy.orm.Session"))
((call receiver: (name) @parameter.asked method: ["scalars" "scalar" "execute"] argument[0]: (_) @_statement)
  (#type? @_statement "sqlalchemy.Select" "sqlalchemy.Insert" "sqlalchemy.Update" "sqlalchemy.Delete") (#set! parameter.is "sqlalchemy.orm.Session"))

; ---- what things are

(stub ["sqlalchemy.orm.declarative_base" "sqlalchemy.ext.declarative.declarative_base" "sqlalchemy.orm.registry.generate_base"
       "sqlalchemy.ext.automap.automap_base"] returns: "sqlalchemy.orm.DeclarativeBase")
(stub ["sqlalchemy.orm.DeclarativeBaseNoMeta" "sqlalchemy.ext.asyncio.AsyncAttrs.DeclarativeBase"] extends: "sqlalchemy.orm.DeclarativeBase")
(stub "flask_sqlalchemy.SQLAlchemy.Model" extends: "sqlalchemy.orm.DeclarativeBase")
(stub ["flask_sqlalchemy.model.Model" "flask_sqlalchemy.Model"] extends: "sqlalchemy.orm.DeclarativeBase")
(stub "sqlalchemy.orm.Query.session" is: "sqlalchemy.orm.Session")
(stub ["flask_sqlalchemy.model.Model.query" "flask_sqlalchemy.Model.query"] is: "sqlalchemy.orm.Query" subject: owner)
(stub "flask_sqlalchemy.SQLAlchemy.session" is: "sqlalchemy.orm.Session")
(stub "flask_sqlalchemy.SQLAlchemy.engine" is: "sqlalchemy.engine.Engine")
(stub "flask_sqlalchemy.SQLAlchemy.Table" same: "sqlalchemy.Table")
(stub "flask_sqlalchemy.SQLAlchemy.Column" same: "sqlalchemy.Column")
(stub "flask_sqlalchemy.SQLAlchemy.select" same: "sqlalchemy.select")
(stub "sqlalchemy.text" returns: "sqlalchemy.TextClause")
(stub "flask_sqlalchemy.SQLAlchemy.text" same: "sqlalchemy.text")
(stub "flask_sqlalchemy.SQLAlchemy.insert" same: "sqlalchemy.insert")
(stub "flask_sqlalchemy.SQLAlchemy.update" same: "sqlalchemy.update")
(stub "flask_sqlalchemy.SQLAlchemy.delete" same: "sqlalchemy.delete")
(stub "flask_sqlalchemy.SQLAlchemy.Model.query" is: "sqlalchemy.orm.Query" subject: owner)
; `Base.query = session.query_property()` asks for the class that it is read from.
(stub "sqlalchemy.orm.Session.query_property" returns: "sqlalchemy.orm.QueryProperty")
(stub "sqlalchemy.orm.QueryProperty" is: "sqlalchemy.orm.Query" subject: owner)
; A query makes no query: what does was taken for one.
(stub ["sqlalchemy.orm.Query.()" "sqlalchemy.orm.Query.query"] returns: "sqlalchemy.orm.NoQuery")
(stub "sqlalchemy.orm.DeclarativeBase.query" is: "sqlalchemy.orm.Query" subject: owner)
(stub "sqlalchemy.orm.DeclarativeBase.__table__" is: "sqlalchemy.Table" subject: owner)
(stub ["sqlalchemy.schema.Table" "sqlalchemy.sql.schema.Table"] same: "sqlalchemy.Table")
(stub ["sqlalchemy.schema.MetaData" "sqlalchemy.sql.schema.MetaData"] same: "sqlalchemy.MetaData")
(stub "sqlalchemy.orm.DeclarativeBase.metadata" is: "sqlalchemy.MetaData")
(stub "sqlalchemy.MetaData.tables.[]" is: "sqlalchemy.Table" subject: index)
; Tables of which only a name and the columns in hand are written.
(stub ["sqlalchemy.table" "sqlalchemy.sql.table" "sqlalchemy.sql.expression.table" "sqlalchemy.TableClause" "sqlalchemy.sql.expression.TableClause"]
  returns: "sqlalchemy.Table" subject: argument[0])
(stub "sqlalchemy.Table.select" returns: "sqlalchemy.Select")
(stub ["sqlalchemy.sql.select" "sqlalchemy.sql.expression.select" "sqlalchemy.future.select" "sqlmodel.select"] same: "sqlalchemy.select")
(stub ["sqlalchemy.sql.insert" "sqlalchemy.sql.expression.insert" "sqlmodel.insert"] same: "sqlalchemy.insert")
(stub ["sqlalchemy.sql.update" "sqlalchemy.sql.expression.update" "sqlmodel.update"] same: "sqlalchemy.update")
(stub ["sqlalchemy.sql.delete" "sqlalchemy.sql.expression.delete" "sqlmodel.delete"] same: "sqlalchemy.delete")
(stub ["sqlalchemy.sql.text" "sqlalchemy.sql.expression.text" "sqlmodel.text" "sqlalchemy.schema.DDL"] same: "sqlalchemy.text")
(stub ["sqlalchemy.orm.session.Session" "sqlalchemy.orm.scoped_session" "sqlalchemy.ext.asyncio.AsyncSession" "sqlalchemy.ext.asyncio.async_scoped_session"
       "sqlalchemy.ext.asyncio.session.AsyncSession" "sqlmodel.Session" "sqlmodel.ext.asyncio.session.AsyncSession" "flask_sqlalchemy.session.Session"] extends: "sqlalchemy.orm.Session")
(stub ["sqlalchemy.inspect" "sqlalchemy.inspection.inspect"] returns: "sqlalchemy.orm.InstanceState")
(stub "sqlalchemy.orm.InstanceState.session" is: "sqlalchemy.orm.Session")
(stub ["sqlalchemy.orm.object_session" "sqlalchemy.orm.session.object_session" "sqlalchemy.orm.Session.object_session"
       "sqlalchemy.ext.asyncio.async_object_session"] returns: "sqlalchemy.orm.Session")
(stub ["(session)" "(db_session)" "(dbsession)"] is: "sqlalchemy.orm.Session")
(stub ["sqlalchemy.orm.sessionmaker" "sqlalchemy.ext.asyncio.async_sessionmaker"] returns: "sqlalchemy.orm.sessionmaker")
; What makes sessions often stands where their type is declared: `db: SessionLocal = Depends(get_db)`.
(stub "sqlalchemy.orm.sessionmaker" extends: "sqlalchemy.orm.Session")
(stub ["sqlalchemy.orm.sessionmaker.()" "sqlalchemy.orm.sessionmaker.__call__" "sqlalchemy.orm.sessionmaker.begin" "sqlalchemy.orm.scoped_session"
       "sqlalchemy.orm.create_session" "sqlalchemy.orm.Session.begin_nested"] returns: "sqlalchemy.orm.Session")
(stub ["sqlalchemy.create_engine" "sqlalchemy.ext.asyncio.create_async_engine" "sqlalchemy.engine.create_engine" "sqlmodel.create_engine"] returns: "sqlalchemy.engine.Engine")
(stub ["sqlalchemy.engine.Engine.connect" "sqlalchemy.engine.Engine.begin" "sqlalchemy.engine.Engine.raw_connection" "sqlalchemy.orm.Session.connection"] returns: "sqlalchemy.engine.Connection")
(stub ["sqlalchemy.ext.asyncio.AsyncConnection" "sqlalchemy.Connection" "sqlalchemy.engine.base.Connection"] same: "sqlalchemy.engine.Connection")
(stub ["sqlalchemy.ext.asyncio.AsyncEngine" "sqlalchemy.Engine" "sqlalchemy.engine.base.Engine"] same: "sqlalchemy.engine.Engine")
(stub "sqlalchemy.orm.Session.query" returns: "sqlalchemy.orm.Query" subject: arguments)
(stub "sqlalchemy.orm.Query.*" returns: self)
; Rows that were fetched: walking them reads nothing.
(stub "sqlalchemy.orm.Query.all" returns: "sqlalchemy.Result")
(stub ["sqlalchemy.orm.Query.first" "sqlalchemy.orm.Query.one" "sqlalchemy.orm.Query.one_or_none" "sqlalchemy.orm.Query.get" "sqlalchemy.orm.Query.get_or_404"
       "sqlalchemy.orm.Query.first_or_404" "sqlalchemy.orm.Query.one_or_404" "sqlalchemy.orm.Query.[]"] returns: subject)
(stub "sqlalchemy.select" returns: "sqlalchemy.Select" subject: arguments)
(stub ["sqlalchemy.union" "sqlalchemy.union_all" "sqlalchemy.intersect" "sqlalchemy.except_" "sqlalchemy.sql.union" "sqlalchemy.sql.union_all"
       "sqlalchemy.sql.expression.union" "sqlalchemy.sql.expression.union_all"] returns: "sqlalchemy.Select" subject: arguments)
(stub ["sqlalchemy.insert" "sqlalchemy.dialects.postgresql.insert" "sqlalchemy.dialects.mysql.insert" "sqlalchemy.dialects.sqlite.insert"]
  returns: "sqlalchemy.Insert" subject: argument[0])
(stub ["sqlalchemy.exists" "sqlalchemy.sql.exists" "sqlalchemy.sql.expression.exists"] returns: "sqlalchemy.Select" subject: arguments)
; Statements of the program's own kind (`class Upsert(Insert)`).
(stub ["sqlalchemy.sql.expression.Insert" "sqlalchemy.sql.dml.Insert" "sqlalchemy.dialects.postgresql.Insert" "sqlalchemy.dialects.sqlite.Insert" "sqlalchemy.dialects.mysql.Insert"] extends: "sqlalchemy.sql.Insert")
(stub "sqlalchemy.sql.Insert" extends: "sqlalchemy.Insert")
(stub "sqlalchemy.update" returns: "sqlalchemy.Update" subject: argument[0])
(stub "sqlalchemy.delete" returns: "sqlalchemy.Delete" subject: argument[0])
(stub ["sqlalchemy.Insert" "sqlalchemy.Update" "sqlalchemy.Delete"] extends: "sqlalchemy.Statement")
(stub ["sqlalchemy.Select.*" "sqlalchemy.Statement.*" "sqlalchemy.Table.*"] returns: self)
(stub ["sqlalchemy.orm.Session.get" "sqlalchemy.orm.Session.get_one" "sqlalchemy.orm.Session.merge"] returns: instance[0])
(stub ["sqlalchemy.orm.Session.execute" "sqlalchemy.orm.Session.exec" "sqlalchemy.orm.Session.scalars"] returns: "sqlalchemy.Result" subject: argument[0])
(stub "sqlalchemy.orm.Session.scalar" returns: subject subject: argument[0])
(stub ["sqlalchemy.orm.Session.stream" "sqlalchemy.orm.Session.stream_scalars"] returns: "sqlalchemy.Result" subject: argument[0])
(stub "sqlalchemy.Result.*" returns: self)
(stub ["sqlalchemy.Result.first" "sqlalchemy.Result.one" "sqlalchemy.Result.one_or_none" "sqlalchemy.Result.scalar" "sqlalchemy.Result.scalar_one"
       "sqlalchemy.Result.scalar_one_or_none" "sqlalchemy.Result.[]"] returns: subject)
(stub ["sqlalchemy.orm.Mapped" "sqlalchemy.orm.WriteOnlyMapped" "sqlalchemy.orm.DynamicMapped"] wraps: 0)
(stub ["sqlalchemy.orm.aliased"] returns: argument[0])
