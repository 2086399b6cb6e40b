; ormar: models with ormar_config or Meta, the query set at `objects`, rows that save, upsert, update, load and delete themselves.
; Known misses: relations from the row (`album.tracks.all()`), what select_related and prefetch_related load along, models that inherit columns from a table's.

((definition kind: "type" member[ormar_config]: (definition value: (call keyword[tablename]: (text) @entity.store))) @definition.entity
  (#is? @definition.entity "ormar.Model") (#set! entity.columns "fields"))
((definition kind: "type" member[Meta]: (definition member[tablename]: (definition value: (text) @entity.store))) @definition.entity
  (#is? @definition.entity "ormar.Model") (#set! entity.columns "fields"))
((definition kind: "type") @definition.entity
  (#is? @definition.entity "ormar.Model") (#set! entity.store "{name|lower}s") (#set! entity.columns "fields"))
((definition kind: "type" member[ormar_config]: (definition value: (call keyword[abstract]: (constant "True")))) @definition.entity
  (#is? @definition.entity "ormar.Model") (#set! entity.abstract "true"))
((definition kind: "type" member[Meta]: (definition member[abstract]: (definition value: (constant "True")))) @definition.entity
  (#is? @definition.entity "ormar.Model") (#set! entity.abstract "true"))

(stub "ormar.Model.objects" is: "ormar.QuerySet" subject: owner)
(stub "ormar.QuerySet.*" returns: self)
(stub ["ormar.QuerySet.get" "ormar.QuerySet.get_or_none" "ormar.QuerySet.first" "ormar.QuerySet.first_or_none" "ormar.QuerySet.create" "ormar.QuerySet.update_or_create"] returns: subject)
(stub "ormar.QuerySet.[]" returns: subject)
(stub "ormar.Model.load" returns: self)

((call receiver: (_) @access.receiver method: _ @access.verb) @access
  (#type? @access.receiver "ormar.QuerySet")
  (#set! access.select "get get_or_none first first_or_none all iterate count exists max min sum avg values values_list")
  (#set! access.insert "create bulk_create") (#set! access.upsert "get_or_create update_or_create") (#set! access.reads "get_or_create update_or_create")
  (#set! access.update "update bulk_update") (#set! access.delete "delete"))
((call receiver: (_) @access.target method: _ @access.verb) @access
  (#type? @access.target "ormar.Model")
  (#set! access.insert "save") (#set! access.upsert "upsert") (#set! access.update "update") (#set! access.delete "delete") (#set! access.select "load load_all"))
