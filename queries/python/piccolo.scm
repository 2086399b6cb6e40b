; Piccolo: tables with `tablename=` in the class line, queries that begin at the class, rows that save, refresh and remove themselves.
; Known misses: what a query follows by a foreign key (`Band.manager.name`), `raw`, prefetched rows.

((definition kind: "type" attribute: (call callee: (name "class") keyword[tablename]: (text) @entity.store)) @definition.entity
  (#is? @definition.entity "piccolo.table.Table") (#set! entity.columns "fields"))
((definition kind: "type") @definition.entity
  (#is? @definition.entity "piccolo.table.Table") (#set! entity.store "{name|snake}") (#set! entity.columns "fields"))

(stub "piccolo.table.Table.objects" returns: "piccolo.query.Objects" subject: owner)
(stub "piccolo.query.Objects.*" returns: self)
(stub ["piccolo.query.Objects.get" "piccolo.query.Objects.first" "piccolo.query.Objects.get_or_create"] returns: subject)
(stub "piccolo.query.Objects.[]" returns: subject)

((call receiver: (_) @access.target method: _ @access.verb) @access
  (#is? @access.target "piccolo.table.Table")
  (#set! access.select "select objects count exists") (#set! access.insert "insert") (#set! access.update "update") (#set! access.delete "delete")
  (#set! access.ddl "create_table alter"))
((call receiver: (_) @access.receiver method: _ @access.verb) @access
  (#type? @access.receiver "piccolo.query.Objects") (#set! access.upsert "get_or_create") (#set! access.reads "get_or_create"))
((call receiver: (_) @access.target method: _ @access.verb) @access
  (#type? @access.target "piccolo.table.Table")
  (#set! access.upsert "save") (#set! access.delete "remove") (#set! access.update "update_self") (#set! access.select "refresh"))
