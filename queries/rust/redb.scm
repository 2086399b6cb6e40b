; redb 1 to 3: tables by their definitions, their keys read, put and removed, transactions.
; Known misses: definitions that a macro makes, savepoints.

(stub "redb::Result" wraps: 0)
(stub ["redb::Database::create" "redb::Database::open" "redb::Builder::create" "redb::Builder::open"] returns: "redb::Database")
(stub "redb::Builder::new" returns: "redb::Builder")
(stub "redb::Database::builder" returns: "redb::Builder")
(stub ["redb::Builder::set_cache_size" "redb::Builder::set_repair_callback" "redb::Builder::set_page_size"] returns: self)
(stub ["redb::Database::begin_read" "redb::ReadOnlyDatabase::begin_read" "redb::ReadableDatabase::begin_read"]
  returns: "redb::ReadTransaction")
(stub "redb::Database::begin_write" returns: "redb::WriteTransaction")
(stub ["redb::TableDefinition::new" "redb::MultimapTableDefinition::new"] returns: "redb::TableDefinition" subject: argument[0])
(stub ["redb::ReadTransaction::open_table" "redb::ReadTransaction::open_multimap_table" "redb::ReadTransaction::open_untyped_table"
       "redb::WriteTransaction::open_table" "redb::WriteTransaction::open_multimap_table"]
  returns: "redb::Table" subject: argument[0])
(stub ["redb::ReadOnlyTable" "redb::ReadableTable" "redb::MultimapTable" "redb::ReadOnlyMultimapTable" "redb::ReadableMultimapTable"
       "redb::ReadableTableMetadata"] same: "redb::Table")

(call receiver: (_) @access.receiver
  method: ["get" "get_mut" "iter" "range" "first" "last" "len" "is_empty" "insert" "insert_reserve" "entry" "remove" "remove_all" "pop_first"
           "pop_last" "retain" "retain_in" "extract_if" "extract_from_if" "drain" "drain_filter"] @access.verb
  (#type? @access.receiver "redb::Table")
  (#set! access.select "get iter range first last len is_empty")
  (#set! access.upsert "insert insert_reserve entry")
  (#set! access.update "get_mut")
  (#set! access.delete "remove remove_all pop_first pop_last retain retain_in extract_if extract_from_if drain drain_filter")
  (#set! store.kind "table")) @access
(call receiver: (_) @_transaction method: ["delete_table" "delete_multimap_table"] argument[0]: (_) @access.target
  (#type? @_transaction "redb::WriteTransaction")
  (#set! access.target "name")
  (#set! operation "ddl")
  (#set! store.kind "table")) @access

(call receiver: (_) @_database method: "begin_write"
  (#type? @_database "redb::Database")) @transaction
(call receiver: (_) @_transaction method: ["commit" "abort"]
  (#type? @_transaction "redb::WriteTransaction")
  (#set! transaction.end)) @transaction
