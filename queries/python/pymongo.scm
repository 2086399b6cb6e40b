; pymongo 3 and 4 (sync and async) and motor: databases and collections by attribute, index, get_collection.
; Known misses: collection names computed at run time; change streams; map-reduce output.

(stub ["pymongo.mongo_client.MongoClient" "pymongo.AsyncMongoClient" "pymongo.asynchronous.mongo_client.AsyncMongoClient"
       "motor.motor_asyncio.AsyncIOMotorClient" "motor.motor_tornado.MotorClient" "motor.MotorClient" "mongomock.MongoClient"
       "mongomock_motor.AsyncMongoMockClient"] same: "pymongo.MongoClient")
(stub ["pymongo.database.Database" "pymongo.asynchronous.database.AsyncDatabase" "motor.motor_asyncio.AsyncIOMotorDatabase"
       "motor.motor_tornado.MotorDatabase" "motor.core.AgnosticDatabase" "flask_pymongo.wrappers.Database"] same: "pymongo.Database")
(stub ["pymongo.collection.Collection" "pymongo.asynchronous.collection.AsyncCollection" "motor.motor_asyncio.AsyncIOMotorCollection"
       "motor.motor_tornado.MotorCollection" "motor.core.AgnosticCollection"] same: "pymongo.Collection")

(stub "pymongo.MongoClient.[]" is: "pymongo.Database")
(stub "pymongo.MongoClient.*" is: "pymongo.Database")
(stub ["pymongo.MongoClient.get_database" "pymongo.MongoClient.get_default_database"] returns: "pymongo.Database")
(stub ["pymongo.MongoClient.start_session"] returns: "pymongo.client_session.ClientSession")
(stub "pymongo.Database.[]" is: "pymongo.Collection" subject: index)
(stub "pymongo.Database.*" is: "pymongo.Collection" subject: member)
(stub ["pymongo.Database.get_collection" "pymongo.Database.create_collection"] returns: "pymongo.Collection" subject: argument[0])
(stub "pymongo.Collection.with_options" returns: self)
(stub ["pymongo.Collection.[]" "pymongo.Collection.find"] returns: "pymongo.cursor.Cursor")
(stub ["pymongo.Collection.aggregate"] returns: "pymongo.command_cursor.CommandCursor")
(stub ["pymongo.cursor.Cursor.*" "pymongo.command_cursor.CommandCursor.*"] returns: self)
(stub "flask_pymongo.PyMongo.db" is: "pymongo.Database")
(stub "flask_pymongo.PyMongo.cx" is: "pymongo.MongoClient")

((call receiver: (_) @access.receiver method: _ @access.verb) @access
  (#type? @access.receiver "pymongo.Collection")
  (#set! store.kind "collection")
  (#set! access.select "find find_one find_raw_batches aggregate aggregate_raw_batches count count_documents estimated_document_count distinct watch list_indexes index_information")
  (#set! access.insert "insert_one insert_many insert")
  (#set! access.update "update_one update_many update replace_one find_one_and_update find_one_and_replace find_and_modify bulk_write")
  (#set! access.delete "delete_one delete_many find_one_and_delete remove")
  (#set! access.upsert "save")
  (#set! access.ddl "create_index create_indexes drop drop_index drop_indexes rename ensure_index"))

((call receiver: (_) @access.receiver method: ["update_one" "update_many" "update" "replace_one" "find_one_and_update" "find_one_and_replace" "find_and_modify"]
   keyword[upsert]: (constant "True")) @access
  (#type? @access.receiver "pymongo.Collection")
  (#set! store.kind "collection")
  (#set! operation "upsert"))

; Fields that a write gives, and constants that tell documents apart.
((call receiver: (_) @access.receiver method: ["update_one" "update_many" "update" "find_one_and_update"]
   [argument[1]: (_) @access.row keyword[update]: (_) @access.row]) @access
  (#type? @access.receiver "pymongo.Collection")
  (#set! operation "columns")
  (#set! row.copies "dict copy deepcopy")
  (#set! row.operators "$set $unset $inc $mul $min $max $push $pushAll $addToSet $pull $pullAll $pop $currentDate $setOnInsert $bit"))
((call receiver: (_) @access.receiver method: ["insert_one" "insert_many" "insert"]
   [argument[0]: (_) @access.row keyword[document]: (_) @access.row keyword[documents]: (_) @access.row]) @access
  (#type? @access.receiver "pymongo.Collection")
  (#set! operation "columns")
  (#set! row.copies "dict copy deepcopy"))
((call receiver: (_) @access.receiver
   method: ["find" "find_one" "count_documents" "update_one" "update_many" "update" "find_one_and_update" "delete_one" "delete_many"
            "find_one_and_delete" "remove"]
   [argument[0]: (_) @access.filter keyword[filter]: (_) @access.filter]) @access
  (#type? @access.receiver "pymongo.Collection")
  (#set! operation "columns"))

; $lookup, $graphLookup, $unionWith, $out and $merge of a pipeline touch other collections, wherever the pipeline is written.
((mapping key[$lookup]: (mapping key[from]: (string) @access.target)) @access
  (#set! store.kind "collection") (#set! access.target "name") (#set! operation "select") (#set! access.join))
; What a function gives, or a variable holds, for a stage.
((mapping key[$lookup]: [(name) (member) (call)] @access.target) @access
  (#set! store.kind "collection") (#set! access.target "name") (#set! access.under "from") (#set! operation "select") (#set! access.join))
((mapping key[$graphLookup]: (mapping key[from]: (string) @access.target)) @access
  (#set! store.kind "collection") (#set! access.target "name") (#set! operation "select") (#set! access.join))
((mapping key[$unionWith]: (text) @access.target) @access
  (#set! store.kind "collection") (#set! access.target "name") (#set! operation "select") (#set! access.join))
((mapping key[$unionWith]: (mapping key[coll]: (string) @access.target)) @access
  (#set! store.kind "collection") (#set! access.target "name") (#set! operation "select") (#set! access.join))
((mapping key[$out]: (text) @access.target) @access
  (#set! store.kind "collection") (#set! access.target "name") (#set! operation "insert"))
((mapping key[$merge]: (mapping key[into]: (string) @access.target)) @access
  (#set! store.kind "collection") (#set! access.target "name") (#set! operation "upsert"))
((call receiver: (_) @access.receiver method: "drop_collection" argument[0]: (string) @access.target) @access
  (#type? @access.receiver "pymongo.Database")
  (#set! store.kind "collection")
  (#set! access.target "name")
  (#set! operation "ddl"))

((with (call receiver: (_) @_session method: "start_transaction")) @transaction
  (#type? @_session "pymongo.client_session.ClientSession"))
((call receiver: (_) @_session method: "with_transaction" argument[0]: (_) @transaction.body) @transaction
  (#type? @_session "pymongo.client_session.ClientSession"))
