; sled 0.34 and 1: trees by name, their keys read, put and removed; the tree that a database is itself.
; Known misses: batches, transactions over several trees, subscriptions.

(stub "sled::Result" wraps: 0)
(stub ["sled::open" "sled::Config::open"] returns: "sled::Db")
(stub ["sled::Config::new" "sled::Config::default"] returns: "sled::Config")
(stub ["sled::Config::path" "sled::Config::temporary" "sled::Config::mode" "sled::Config::cache_capacity" "sled::Config::flush_every_ms"
       "sled::Config::use_compression" "sled::Config::create_new"] returns: self)
(stub "sled::Db::open_tree" returns: "sled::Tree" subject: argument[0])

(call receiver: (_) @access.receiver
  method: ["get" "get_lt" "get_gt" "contains_key" "iter" "range" "scan_prefix" "first" "last" "len" "is_empty" "insert" "merge"
           "update_and_fetch" "fetch_and_update" "compare_and_swap" "remove" "pop_min" "pop_max" "clear"] @access.verb
  (#type? @access.receiver "sled::Tree")
  (#set! access.select "get get_lt get_gt contains_key iter range scan_prefix first last len is_empty")
  (#set! access.upsert "insert merge")
  (#set! access.update "update_and_fetch fetch_and_update compare_and_swap")
  (#set! access.delete "remove pop_min pop_max clear")
  (#set! store.kind "bucket")) @access
; A database is its own tree, which the library calls so.
(call receiver: (_) @_db
  method: ["get" "get_lt" "get_gt" "contains_key" "iter" "range" "scan_prefix" "first" "last" "len" "is_empty" "insert" "merge"
           "update_and_fetch" "fetch_and_update" "compare_and_swap" "remove" "pop_min" "pop_max" "clear"] @access.verb
  (#type? @_db "sled::Db")
  (#set! access.store "__sled__default")
  (#set! access.select "get get_lt get_gt contains_key iter range scan_prefix first last len is_empty")
  (#set! access.upsert "insert merge")
  (#set! access.update "update_and_fetch fetch_and_update compare_and_swap")
  (#set! access.delete "remove pop_min pop_max clear")
  (#set! store.kind "bucket")) @access
(call receiver: (_) @_db method: "drop_tree" argument[0]: (string) @access.target
  (#type? @_db "sled::Db")
  (#set! access.target "name")
  (#set! operation "ddl")
  (#set! store.kind "bucket")) @access
