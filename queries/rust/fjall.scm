; fjall 1 to 3: partitions (keyspaces since 3) by name, their keys read, put and removed, batches.
; Known misses: transactions of their own types.

(stub "fjall::Result" wraps: 0)
(stub ["fjall::Config::new" "fjall::Database::builder"] returns: "fjall::Config")
(stub ["fjall::Config::open" "fjall::Keyspace::open"] returns: "fjall::Keyspace")
(stub ["fjall::Keyspace::open_partition" "fjall::TransactionalKeyspace::open_partition" "fjall::Database::keyspace"]
  returns: "fjall::PartitionHandle" subject: argument[0])
(stub ["fjall::Partition" "fjall::TransactionalPartitionHandle"] same: "fjall::PartitionHandle")
(stub ["fjall::Keyspace::batch" "fjall::Database::batch"] returns: "fjall::Batch")

(call receiver: (_) @access.receiver
  method: ["get" "contains_key" "iter" "range" "prefix" "len" "is_empty" "first_key_value" "last_key_value" "insert" "remove"] @access.verb
  (#type? @access.receiver "fjall::PartitionHandle")
  (#set! access.select "get contains_key iter range prefix len is_empty first_key_value last_key_value")
  (#set! access.upsert "insert")
  (#set! access.delete "remove")
  (#set! store.kind "bucket")) @access
(call receiver: (_) @_batch method: ["insert" "remove"] @access.verb argument[0]: (_) @access.target
  (#type? @_batch "fjall::Batch")
  (#set! access.target "name")
  (#set! access.upsert "insert")
  (#set! access.delete "remove")
  (#set! store.kind "bucket")) @access
