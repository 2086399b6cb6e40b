; MongoEngine: documents with meta collection, fields, references, objects(..) and its query sets, instance methods.
; Query sets of the project's own by `queryset_class`, one collection for a document and those below it, Flask-MongoEngine.
; Known misses: managers by `queryset_manager`; embedded documents have no collection of their own.

((definition kind: "type" member[meta]: (definition value: (mapping key[collection]: (text) @entity.store))) @definition.entity
  (#is? @definition.entity "mongoengine.Document") (#set! store.kind "collection") (#set! entity.columns "fields"))
((definition kind: "type") @definition.entity
  (#is? @definition.entity "mongoengine.Document") (#set! store.kind "collection") (#set! entity.store "{name|snake}") (#set! entity.columns "fields") (#set! entity.single "true"))
((definition kind: "type" member[meta]: (definition value: (mapping key[queryset_class]: (_) @entity.manager))) @definition.entity
  (#is? @definition.entity "mongoengine.Document") (#set! manager.name "objects"))
((definition kind: "type" member[*]: (definition kind: "field" value: (call callee: (_) @_list argument[0]: (call callee: (_) @_field argument[0]: (_) @entity.relation))) @entity.column) @definition.entity
  (#is? @definition.entity "mongoengine.Document")
  (#any-of? @_list "ListField" "SortedListField") (#any-of? @_field "ReferenceField" "LazyReferenceField" "CachedReferenceField")
  (#set! relation.kind "has-many"))
((definition kind: "type" member[meta]: (definition value: (mapping key[abstract]: (constant "True")))) @definition.entity
  (#is? @definition.entity "mongoengine.Document") (#set! entity.abstract "true"))
((definition kind: "type" member[*]: (definition kind: "field" value: (call callee: (_) @_field argument[0]: (_) @entity.relation)) @entity.column) @definition.entity
  (#is? @definition.entity "mongoengine.Document")
  (#any-of? @_field "ReferenceField" "LazyReferenceField" "CachedReferenceField")
  (#set! relation.kind "foreign-key") (#set! relation.column "{field}"))

(stub ["mongoengine.DynamicDocument" "mongoengine.document.Document" "flask_mongoengine.Document" "mongoengine.document.DynamicDocument"
       "flask_mongoengine.DynamicDocument" "flask_mongoengine.document.Document" "flask_mongoengine.MongoEngine.Document" "flask_mongoengine.MongoEngine.DynamicDocument"]
  extends: "mongoengine.Document")
(stub "mongoengine.Document.objects" is: "mongoengine.QuerySet" subject: owner)
(stub "mongoengine.Document.objects" returns: "mongoengine.QuerySet" subject: owner)
(stub "mongoengine.QuerySet" is: "mongoengine.QuerySet" subject: owner)
(stub ["mongoengine.queryset.QuerySet" "mongoengine.queryset.queryset.QuerySet" "mongoengine.queryset.BaseQuerySet" "mongoengine.queryset.base.BaseQuerySet"
       "mongoengine.queryset.QuerySetNoCache" "mongoengine.QuerySetNoCache" "flask_mongoengine.BaseQuerySet" "flask_mongoengine.queryset.BaseQuerySet"] extends: "mongoengine.QuerySet")
(stub "mongoengine.QuerySet.*" returns: self)
(stub "mongoengine.QuerySet.()" returns: "mongoengine.QuerySet")
(stub ["mongoengine.QuerySet.get_or_404" "mongoengine.QuerySet.first_or_404" "mongoengine.QuerySet.upsert_one" "mongoengine.QuerySet.get" "mongoengine.QuerySet.first" "mongoengine.QuerySet.create" "mongoengine.QuerySet.modify" "mongoengine.QuerySet.[]"] returns: subject)
(stub ["mongoengine.Document.save" "mongoengine.Document.reload"] returns: self)

((call callee: (member name: "objects") @access.target) @access
  (#type? @access.target "mongoengine.QuerySet") (#set! operation "select"))
((call callee: (name ["list" "tuple" "set" "sorted" "len" "bool" "next" "iter" "enumerate" "sum" "any" "all"]) argument[0]: (_) @access.receiver) @access
  (#type? @access.receiver "mongoengine.QuerySet") (#set! operation "select"))
((call receiver: (_) @access.receiver method: _ @access.verb) @access
  (#type? @access.receiver "mongoengine.QuerySet")
  (#set! access.select "filter get first all count order_by only exclude limit skip distinct aggregate scalar in_bulk values_list select_related as_pymongo no_cache average sum item_frequencies to_json get_or_404 first_or_404 paginate with_id no_dereference explain max_time_ms hint batch_size read_preference search_text timeout")
  (#set! access.insert "create insert")
  (#set! access.update "update update_one modify")
  (#set! access.upsert "upsert_one get_or_create")
  (#set! access.delete "delete"))
((call receiver: (_) @access.target method: _ @access.verb) @access
  (#type? @access.target "mongoengine.Document")
  (#set! access.upsert "save") (#set! access.update "update modify") (#set! access.delete "delete") (#set! access.select "reload"))
