; Tortoise ORM: Model with Meta.table, relations, queries on the class, query sets, instance methods, in_transaction.
; Known misses: reverse relations through prefetch_related by name of another app.

((definition kind: "type" member[Meta]: (definition member[table]: (definition value: (text) @entity.store))) @definition.entity
  (#is? @definition.entity "tortoise.models.Model"))
((definition kind: "type") @definition.entity
  (#is? @definition.entity "tortoise.models.Model") (#set! entity.store "{name|lower}"))
((definition kind: "type" member[Meta]: (definition member[abstract]: (definition value: (constant "True")))) @definition.entity
  (#is? @definition.entity "tortoise.models.Model") (#set! entity.abstract "true"))
((definition kind: "type" member[*]: (definition kind: "field" value: (call callee: (_) @_field)) @entity.column) @definition.entity
  (#is? @definition.entity "tortoise.models.Model") (#match? @_field "Field$") (#not-any-of? @_field "ManyToManyField" "ForeignKeyField" "OneToOneField"))
((definition kind: "type" member[*]: (definition kind: "field" value: (call callee: (_) @_field keyword[pk]: (constant "True"))) @entity.column) @definition.entity
  (#is? @definition.entity "tortoise.models.Model") (#match? @_field "Field$") (#set! column.primary "true"))
((definition kind: "type" member[*]: (definition kind: "field" value: (call callee: (_) @_field argument[0]: (_) @entity.relation)) @entity.column) @definition.entity
  (#is? @definition.entity "tortoise.models.Model") (#any-of? @_field "ForeignKeyField" "OneToOneField") (#set! relation.kind "foreign-key"))
((definition kind: "type" member[*]: (definition kind: "field" value: (call callee: (_) @_field argument[0]: (_) @entity.relation)) @_member) @definition.entity
  (#is? @definition.entity "tortoise.models.Model") (#eq? @_field "ManyToManyField") (#set! relation.kind "many-to-many"))

((call receiver: (_) @access.target method: _ @access.verb) @access
  (#is? @access.target "tortoise.models.Model")
  (#set! access.select "all filter exclude get get_or_none first annotate in_bulk exists raw") (#set! access.insert "create bulk_create")
  (#set! access.update "bulk_update") (#set! access.upsert "get_or_create update_or_create"))
((call receiver: (_) @access.target method: _ @access.verb) @access
  (#type? @access.target "tortoise.models.Model") (#set! access.upsert "save") (#set! access.delete "delete")
  (#set! access.select "refresh_from_db fetch_related"))
((call receiver: (_) @access.receiver method: _ @access.verb) @access
  (#type? @access.receiver "tortoise.queryset.QuerySet")
  (#set! access.select "all filter exclude get first count exists values values_list order_by limit offset prefetch_related select_related annotate only")
  (#set! access.update "update") (#set! access.delete "delete"))

(stub "tortoise.Model" same: "tortoise.models.Model")
(stub ["tortoise.models.Model.all" "tortoise.models.Model.filter" "tortoise.models.Model.exclude" "tortoise.models.Model.annotate"] returns: "tortoise.queryset.QuerySet" subject: owner)
(stub ["tortoise.models.Model.get" "tortoise.models.Model.get_or_none" "tortoise.models.Model.first" "tortoise.models.Model.create" "tortoise.models.Model.get_or_create"] returns: subject)
; Sets what a mapping names, in memory.
(stub "tortoise.models.Model.update_from_dict" returns: self)
(stub "tortoise.queryset.QuerySet.*" returns: self)
(stub ["tortoise.queryset.QuerySet.get" "tortoise.queryset.QuerySet.first" "tortoise.queryset.QuerySet.get_or_none"] returns: subject)
((with (call callee: (_) @_transaction)) @transaction (#is? @_transaction "tortoise.transactions.in_transaction"))
((definition attribute: (call callee: (_) @_transaction)) @transaction (#is? @_transaction "tortoise.transactions.atomic"))
