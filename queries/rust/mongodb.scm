; mongodb 2 and 3, async and sync: collections by name, their methods, sessions.
; Known misses: collection names made at run time, change streams, GridFS.

; What a call may fail with hides nothing.
(stub "mongodb::error::Result" wraps: 0)

(stub ["mongodb::sync::Client" ] same: "mongodb::Client")
(stub ["mongodb::sync::Database" ] same: "mongodb::Database")
(stub ["mongodb::sync::Collection" ] same: "mongodb::Collection")
(stub ["mongodb::Client::with_uri_str" "mongodb::Client::with_options" "mongodb::sync::Client::with_uri_str"
       "mongodb::sync::Client::with_options"] returns: "mongodb::Client")
(stub ["mongodb::Client::database" "mongodb::Client::database_with_options" "mongodb::Client::default_database"] returns: "mongodb::Database")
(stub ["mongodb::Database::collection" "mongodb::Database::collection_with_options"] returns: "mongodb::Collection" subject: argument[0])
(stub ["mongodb::Collection::clone_with_type" "mongodb::Collection::with_options"] returns: self)
(stub ["mongodb::Client::start_session"] returns: "mongodb::ClientSession")

(call receiver: (_) @access.receiver
  method: ["find" "find_one" "find_one_and_update" "find_one_and_replace" "find_one_and_delete" "count_documents"
           "estimated_document_count" "distinct" "aggregate" "insert_one" "insert_many" "update_one" "update_many" "replace_one"
           "delete_one" "delete_many" "create_index" "create_indexes" "drop" "drop_index" "watch"] @access.verb
  (#type? @access.receiver "mongodb::Collection")
  (#set! access.select "find find_one count_documents estimated_document_count distinct aggregate watch")
  (#set! access.insert "insert_one insert_many")
  (#set! access.update "update_one update_many replace_one find_one_and_update find_one_and_replace")
  (#set! access.delete "delete_one delete_many find_one_and_delete")
  (#set! access.ddl "create_index create_indexes drop drop_index")
  (#set! store.kind "collection")) @access
(call receiver: (_) @_database method: "create_collection" argument[0]: (string) @access.target
  (#type? @_database "mongodb::Database")
  (#set! operation "ddl")
  (#set! access.target "name")
  (#set! store.kind "collection")) @access

(call receiver: (_) @_session method: "start_transaction"
  (#type? @_session "mongodb::ClientSession")) @transaction
(call receiver: (_) @_session method: ["commit_transaction" "abort_transaction"]
  (#type? @_session "mongodb::ClientSession")
  (#set! transaction.end)) @transaction
