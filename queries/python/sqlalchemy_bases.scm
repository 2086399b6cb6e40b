; SQLAlchemy models whose base class comes from a package that is not here (`from company.db import Base`), and the verbs that
; such a base usually brings: `Order.get_by(db, ..)`, `Order.create(db, ..)`, `order.save(db)`. A class with columns is mapped; its
; table is one that a migration makes under one of the usual names. Known misses: bases that are not called `Base` or `Model`,
; verbs of other names, tables that no migration makes.

((definition kind: "type" base: (_) @_base member[*]: (definition kind: "field" value: (call callee: (_) @_column))) @definition.entity
  (#is? @_column "sqlalchemy.Column" "sqlalchemy.orm.mapped_column" "sqlalchemy.orm.relationship")
  (#match? @_base "(Base|Model)$") (#not-is? @definition.entity "sqlalchemy.*" "flask_sqlalchemy.*" "sqlmodel.*")
  (#set! entity.foreign "_base") (#set! entity.extends "sqlalchemy.orm.DeclarativeBase"))
((definition kind: "type" base: (_) @_base member[*]: (definition kind: "field" value: (call callee: (_) @_column))) @definition.entity
  (#is? @definition.entity "sqlalchemy.orm.DeclarativeBase") (#is? @_column "sqlalchemy.Column" "sqlalchemy.orm.mapped_column" "sqlalchemy.orm.relationship")
  (#match? @_base "(Base|Model)$") (#set! entity.existing "true")
  (#set! entity.store "{name|lower} {name|snake} {name|snake|plural} {name|lower|plural}"))

; ---- what the base brings: only where no method of the program's own answers

((call receiver: (_) @access.target method: _ @access.verb) @access
  (#is? @access.target "sqlalchemy.orm.DeclarativeBase") (#match? @access.target "^[A-Z]|^(cls|klass|self|super)$|(?i)model") (#not-is? @access.target "oslo_db.sqlalchemy.models.ModelBase")
  (#set! access.foreign) (#set! access.told) (#set! access.confidence "likely")
  (#set! access.select "get get_by get_by_id get_by_key get_by_key_or_id get_all get_all_by get_one get_one_or_none get_multi find find_by find_all filter filter_by all first last one one_or_none query exists count paginate")
  (#set! access.insert "create bulk_create insert") (#set! access.upsert "create_or_update upsert save get_or_create") (#set! access.update "update update_by bulk_update")
  (#set! access.delete "delete delete_by delete_by_id delete_all bulk_delete destroy"))
((call receiver: (_) @access.target method: _ @access.verb) @access
  (#type? @access.target "sqlalchemy.orm.DeclarativeBase") (#not-type? @access.target "oslo_db.sqlalchemy.models.ModelBase")
  (#set! access.foreign) (#set! access.told) (#set! access.confidence "likely") (#set! access.origin "id")
  (#set! access.update "update update_fields") (#set! access.upsert "save persist") (#set! access.delete "delete destroy") (#set! access.select "reload refresh"))

; A model of a package, handed a session: nobody knows its table.
((call receiver: [(name) (member)] @access.stranger
       method: ["get" "get_by" "get_by_id" "get_all" "find" "find_by" "filter" "filter_by" "all" "first" "query" "create" "create_or_update" "get_or_create" "update" "delete"]
       [argument[0]: (_) @_session keyword[db]: (_) @_session keyword[session]: (_) @_session])
  (#type? @_session "sqlalchemy.orm.Session") (#match? @access.stranger "(^|\\.)[A-Z]\\w*[a-z]\\w*$"))

(stub ["sqlalchemy.orm.DeclarativeBase.get" "sqlalchemy.orm.DeclarativeBase.get_by" "sqlalchemy.orm.DeclarativeBase.get_by_id" "sqlalchemy.orm.DeclarativeBase.get_by_key_or_id"
       "sqlalchemy.orm.DeclarativeBase.find" "sqlalchemy.orm.DeclarativeBase.find_by" "sqlalchemy.orm.DeclarativeBase.first" "sqlalchemy.orm.DeclarativeBase.one"
       "sqlalchemy.orm.DeclarativeBase.create" "sqlalchemy.orm.DeclarativeBase.create_or_update" "sqlalchemy.orm.DeclarativeBase.get_or_create"] returns: subject)
(stub ["sqlalchemy.orm.DeclarativeBase.filter" "sqlalchemy.orm.DeclarativeBase.filter_by"] returns: "sqlalchemy.orm.Query" subject: owner)
(stub "sqlalchemy.orm.DeclarativeBase.all" returns: "sqlalchemy.Result" subject: owner)
