; heed (LMDB): databases by name, their keys read, put and deleted, transactions.
; Known misses: the database without a name, which the library gives none.

(stub "heed::Result" wraps: 0)
(stub "heed::EnvOpenOptions::new" returns: "heed::EnvOpenOptions")
(stub ["heed::EnvOpenOptions::read_txn_without_tls" "heed::EnvOpenOptions::map_size" "heed::EnvOpenOptions::max_readers"
       "heed::EnvOpenOptions::max_dbs" "heed::EnvOpenOptions::flags"] returns: self)
(stub "heed::EnvOpenOptions::open" returns: "heed::Env")
(stub ["heed::Env::write_txn" "heed::Env::nested_write_txn"] returns: "heed::RwTxn")
(stub ["heed::Env::read_txn" "heed::Env::static_read_txn"] returns: "heed::RoTxn")
(stub ["heed::Env::create_database" "heed::Env::open_database"] returns: "heed::Database" subject: argument[1])
(stub "heed::Env::database_options" returns: "heed::DatabaseOpenOptions")
(stub ["heed::DatabaseOpenOptions::types" "heed::DatabaseOpenOptions::key_comparator" "heed::DatabaseOpenOptions::flags"] returns: self)
(stub "heed::DatabaseOpenOptions::name" returns: "heed::DatabaseOpenOptions" subject: argument[0])
(stub ["heed::DatabaseOpenOptions::create" "heed::DatabaseOpenOptions::open"] returns: "heed::Database")
(stub ["heed::PolyDatabase"] same: "heed::Database")
(stub ["heed::Database::remap_types" "heed::Database::remap_key_type" "heed::Database::remap_data_type" "heed::Database::lazily_decode_data"
       "heed::Database::as_polymorph"] returns: self)

(call receiver: (_) @access.receiver
  method: ["get" "get_lower_than" "get_lower_than_or_equal_to" "get_greater_than" "get_greater_than_or_equal_to" "get_duplicates" "first"
           "last" "iter" "rev_iter" "range" "rev_range" "prefix_iter" "rev_prefix_iter" "len" "is_empty" "put" "put_with_flags" "put_reserved"
           "append" "get_or_put" "iter_mut" "rev_iter_mut" "range_mut" "prefix_iter_mut" "delete" "delete_range" "delete_one_duplicate"
           "clear"] @access.verb
  (#type? @access.receiver "heed::Database")
  (#set! access.select "get get_lower_than get_lower_than_or_equal_to get_greater_than get_greater_than_or_equal_to get_duplicates first last iter rev_iter range rev_range prefix_iter rev_prefix_iter len is_empty")
  (#set! access.upsert "put put_with_flags put_reserved append get_or_put")
  (#set! access.update "iter_mut rev_iter_mut range_mut prefix_iter_mut")
  (#set! access.delete "delete delete_range delete_one_duplicate clear")
  (#set! store.kind "bucket")) @access

(call receiver: (_) @_env method: ["write_txn" "nested_write_txn"]
  (#type? @_env "heed::Env")) @transaction
(call receiver: (_) @_txn method: ["commit" "abort"]
  (#type? @_txn "heed::RwTxn")
  (#set! transaction.end)) @transaction
