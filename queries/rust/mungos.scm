; mungos 1 to 3 and mongo_indexed 2: the mongodb driver handed on, functions that take a collection first, collections named
; after the types of what is in them.
; Known misses: `bulk_update`, which names its collection by a function of the type.

(stub ["mungos::init::MongoBuilder::build"] returns: "mongodb::Client")
(stub ["mongo_indexed::collection" "mongo_indexed::collection_with_name"] returns: "mongodb::Collection")

(definition kind: "type" attribute: (call callee: (name "derive") argument: [(name "MongoIndexed") (member name: "MongoIndexed")])
  (#set! entity.store "{name}")
  (#set! store.kind "collection")) @definition.entity
(definition kind: "type" attribute: (call callee: (name "derive") argument: [(name "MongoIndexed") (member name: "MongoIndexed")])
  attribute: (call callee: (name "collection_name") argument: (name) @entity.store)
  (#set! store.kind "collection")) @definition.entity

((call callee: (_) @_function argument[0]: (_) @access.receiver)
  (#is? @_function "mungos::find::find_collect" "mungos::by_id::find_one_by_id" "mungos::aggregate::aggregate_collect")
  (#type? @access.receiver "mongodb::Collection")
  (#set! operation "select")
  (#set! store.kind "collection")) @access
((call callee: (_) @_function argument[0]: (_) @access.receiver)
  (#is? @_function "mungos::by_id::update_one_by_id")
  (#type? @access.receiver "mongodb::Collection")
  (#set! operation "update")
  (#set! store.kind "collection")) @access
((call callee: (_) @_function argument[0]: (_) @access.receiver)
  (#is? @_function "mungos::by_id::delete_one_by_id")
  (#type? @access.receiver "mongodb::Collection")
  (#set! operation "delete")
  (#set! store.kind "collection")) @access
