; rocksdb (rust-rocksdb): keys of column families, by the handle that their name gives; write batches and transactions.
; Keys without a family are those of the family `default`. Where nobody can read which family a handle is of, the call is a blind spot.
; Known misses: maps of the program's own that keep a handle each, whose names stand in a table; iterators that were made of options alone.

(stub ["rocksdb::DB::open" "rocksdb::DB::open_default" "rocksdb::DB::open_cf" "rocksdb::DB::open_cf_descriptors"
       "rocksdb::DB::open_for_read_only" "rocksdb::DB::open_cf_for_read_only" "rocksdb::DB::open_cf_with_opts"]
  returns: "rocksdb::DB")
(stub ["rocksdb::DBWithThreadMode" "rocksdb::DBCommon" "rocksdb::TransactionDB" "rocksdb::OptimisticTransactionDB" "rocksdb::Transaction"
       "rocksdb::WriteBatch" "rocksdb::WriteBatchWithTransaction"]
  extends: "rocksdb::DB")
(stub ["rocksdb::TransactionDB::open" "rocksdb::TransactionDB::open_cf" "rocksdb::TransactionDB::open_cf_descriptors"]
  returns: "rocksdb::TransactionDB")
(stub ["rocksdb::OptimisticTransactionDB::open" "rocksdb::OptimisticTransactionDB::open_cf" "rocksdb::OptimisticTransactionDB::open_cf_descriptors"]
  returns: "rocksdb::OptimisticTransactionDB")
(stub ["rocksdb::DBWithThreadMode::open" "rocksdb::DBWithThreadMode::open_default" "rocksdb::DBWithThreadMode::open_cf"
       "rocksdb::DBWithThreadMode::open_cf_descriptors"]
  returns: "rocksdb::DBWithThreadMode")
(stub ["rocksdb::WriteBatch::default" "rocksdb::WriteBatch::new"] returns: "rocksdb::WriteBatch")
(stub "rocksdb::DB::transaction" returns: "rocksdb::Transaction")
(stub "rocksdb::DB::cf_handle" returns: "rocksdb::ColumnFamily" subject: argument[0])

((call receiver: (_) @_db
       method: ["get_cf" "get_cf_opt" "get_pinned_cf" "get_pinned_cf_opt" "get_for_update_cf" "key_may_exist_cf" "key_may_exist_cf_opt"
                "batched_multi_get_cf" "batched_multi_get_cf_opt" "iterator_cf" "iterator_cf_opt" "full_iterator_cf" "prefix_iterator_cf"
                "raw_iterator_cf" "raw_iterator_cf_opt" "put_cf" "put_cf_opt" "merge_cf" "merge_cf_opt" "delete_cf" "delete_cf_opt"
                "delete_range_cf" "delete_range_cf_opt"] @access.verb
       argument[0]: (_) @access.target
  (#type? @_db "rocksdb::DB")
  (#set! access.told "true") (#set! store.kind "bucket")
  (#set! access.select "get_cf get_cf_opt get_pinned_cf get_pinned_cf_opt get_for_update_cf key_may_exist_cf key_may_exist_cf_opt batched_multi_get_cf batched_multi_get_cf_opt iterator_cf iterator_cf_opt full_iterator_cf prefix_iterator_cf raw_iterator_cf raw_iterator_cf_opt")
  (#set! access.upsert "put_cf put_cf_opt merge_cf merge_cf_opt")
  (#set! access.delete "delete_cf delete_cf_opt delete_range_cf delete_range_cf_opt")) @access)

((call receiver: (_) @_db
       method: ["get" "get_opt" "get_pinned" "get_for_update" "multi_get" "key_may_exist" "iterator" "prefix_iterator" "raw_iterator"
                "put" "put_opt" "merge" "delete" "delete_opt" "delete_range"] @access.verb
  (#type? @_db "rocksdb::DB")
  (#set! access.store "default") (#set! store.kind "bucket")
  (#set! access.select "get get_opt get_pinned get_for_update multi_get key_may_exist iterator prefix_iterator raw_iterator")
  (#set! access.upsert "put put_opt merge")
  (#set! access.delete "delete delete_opt delete_range")) @access)

; A family is made or dropped.
((call receiver: (_) @_db method: ["create_cf" "drop_cf"] argument[0]: (string) @access.target
  (#type? @_db "rocksdb::DB")
  (#set! access.target "name") (#set! operation "ddl") (#set! store.kind "bucket")) @access)
