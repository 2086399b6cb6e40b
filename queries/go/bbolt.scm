; go.etcd.io/bbolt and github.com/boltdb/bolt: buckets by name, their keys read, put and deleted, cursors, transactions.
; Known misses: buckets inside buckets count as the outer one; keys with a prefix in one bucket.

(stub "go.etcd.io/bbolt.Open" returns: "go.etcd.io/bbolt.DB")
(stub "go.etcd.io/bbolt.DB.Begin" returns: "go.etcd.io/bbolt.Tx")
(stub ["go.etcd.io/bbolt.Tx.Bucket" "go.etcd.io/bbolt.Tx.CreateBucket" "go.etcd.io/bbolt.Tx.CreateBucketIfNotExists"]
  returns: "go.etcd.io/bbolt.Bucket" subject: argument[0])
(stub ["go.etcd.io/bbolt.Bucket.Bucket" "go.etcd.io/bbolt.Bucket.CreateBucket" "go.etcd.io/bbolt.Bucket.CreateBucketIfNotExists"
       "go.etcd.io/bbolt.Bucket.Cursor"] returns: self)
(stub "github.com/boltdb/bolt.Open" returns: "go.etcd.io/bbolt.DB")
(stub "github.com/boltdb/bolt.DB" same: "go.etcd.io/bbolt.DB")
(stub "github.com/boltdb/bolt.Tx" same: "go.etcd.io/bbolt.Tx")
(stub "github.com/boltdb/bolt.Bucket" same: "go.etcd.io/bbolt.Bucket")

((call receiver: (_) @access.receiver
       method: ["Get" "ForEach" "ForEachBucket" "Cursor" "Sequence" "Put" "NextSequence" "SetSequence" "Delete" "DeleteBucket"] @access.verb
  (#type? @access.receiver "go.etcd.io/bbolt.Bucket")
  (#set! access.select "Get ForEach ForEachBucket Cursor Sequence")
  (#set! access.upsert "Put")
  (#set! access.update "NextSequence SetSequence")
  (#set! access.delete "Delete DeleteBucket")
  (#set! store.kind "bucket")) @access)

; The bucket itself is made or dropped.
((call receiver: (_) @_tx method: ["CreateBucket" "CreateBucketIfNotExists" "DeleteBucket"] argument[0]: (string) @access.target
  (#type? @_tx "go.etcd.io/bbolt.Tx")
  (#set! access.target "name")
  (#set! operation "ddl")
  (#set! store.kind "bucket")) @access)

((call receiver: (_) @_db method: ["Update" "Batch"] argument[0]: (_) @transaction.body
  (#type? @_db "go.etcd.io/bbolt.DB")) @transaction)
((call receiver: (_) @_db method: "Begin"
  (#type? @_db "go.etcd.io/bbolt.DB")) @transaction)
((call receiver: (_) @_tx method: ["Commit" "Rollback"]
  (#type? @_tx "go.etcd.io/bbolt.Tx")
  (#set! transaction.end "true")) @transaction)
