; github.com/btcsuite/btcwallet/walletdb: buckets by name, their keys read, put and deleted, cursors, transactions.
; Known misses: buckets inside buckets count as the outer one; keys with a prefix in one bucket.

(stub "github.com/btcsuite/btcwallet/walletdb.Open" returns: "github.com/btcsuite/btcwallet/walletdb.DB")
(stub "github.com/btcsuite/btcwallet/walletdb.Create" returns: "github.com/btcsuite/btcwallet/walletdb.DB")
(stub "github.com/btcsuite/btcwallet/walletdb.DB.BeginReadTx" returns: "github.com/btcsuite/btcwallet/walletdb.ReadTx")
(stub "github.com/btcsuite/btcwallet/walletdb.DB.BeginReadWriteTx" returns: "github.com/btcsuite/btcwallet/walletdb.ReadWriteTx")
(stub "github.com/btcsuite/btcwallet/walletdb.ReadWriteTx" extends: "github.com/btcsuite/btcwallet/walletdb.ReadTx")
(stub "github.com/btcsuite/btcwallet/walletdb.ReadWriteBucket" extends: "github.com/btcsuite/btcwallet/walletdb.ReadBucket")
(stub "github.com/btcsuite/btcwallet/walletdb.ReadTx.ReadBucket"
  returns: "github.com/btcsuite/btcwallet/walletdb.ReadBucket" subject: argument[0])
(stub ["github.com/btcsuite/btcwallet/walletdb.ReadWriteTx.ReadWriteBucket"
       "github.com/btcsuite/btcwallet/walletdb.ReadWriteTx.CreateTopLevelBucket"]
  returns: "github.com/btcsuite/btcwallet/walletdb.ReadWriteBucket" subject: argument[0])
(stub ["github.com/btcsuite/btcwallet/walletdb.ReadBucket.NestedReadBucket"
       "github.com/btcsuite/btcwallet/walletdb.ReadBucket.ReadCursor"
       "github.com/btcsuite/btcwallet/walletdb.ReadWriteBucket.NestedReadWriteBucket"
       "github.com/btcsuite/btcwallet/walletdb.ReadWriteBucket.CreateBucket"
       "github.com/btcsuite/btcwallet/walletdb.ReadWriteBucket.CreateBucketIfNotExists"
       "github.com/btcsuite/btcwallet/walletdb.ReadWriteBucket.ReadWriteCursor"] returns: self)
(stub "github.com/btcsuite/btcwallet/walletdb.ReadWriteBucket.Tx" returns: "github.com/btcsuite/btcwallet/walletdb.ReadWriteTx")

((call receiver: (_) @access.receiver
       method: ["Get" "ForEach" "ReadCursor" "ReadWriteCursor" "Sequence" "Put" "NextSequence" "SetSequence" "Delete" "DeleteNestedBucket"] @access.verb
  (#type? @access.receiver "github.com/btcsuite/btcwallet/walletdb.ReadBucket")
  (#set! access.select "Get ForEach ReadCursor ReadWriteCursor Sequence")
  (#set! access.upsert "Put")
  (#set! access.update "NextSequence SetSequence")
  (#set! access.delete "Delete DeleteNestedBucket")
  (#set! store.kind "bucket")) @access)

; The bucket itself is made or dropped.
((call receiver: (_) @_tx method: ["CreateTopLevelBucket" "DeleteTopLevelBucket"] argument[0]: (string) @access.target
  (#type? @_tx "github.com/btcsuite/btcwallet/walletdb.ReadWriteTx")
  (#set! access.target "name")
  (#set! operation "ddl")
  (#set! store.kind "bucket")) @access)

((call callee: (_) @_f argument[1]: (_) @transaction.body
  (#is? @_f "github.com/btcsuite/btcwallet/walletdb.Update" "github.com/btcsuite/btcwallet/walletdb.Batch")) @transaction)
((call receiver: (_) @_db method: ["Update" "Batch"] argument[0]: (_) @transaction.body
  (#type? @_db "github.com/btcsuite/btcwallet/walletdb.DB" "github.com/btcsuite/btcwallet/walletdb.BatchDB")) @transaction)
((call receiver: (_) @_db method: "BeginReadWriteTx"
  (#type? @_db "github.com/btcsuite/btcwallet/walletdb.DB")) @transaction)
((call receiver: (_) @_tx method: ["Commit" "Rollback"]
  (#type? @_tx "github.com/btcsuite/btcwallet/walletdb.ReadWriteTx")
  (#set! transaction.end "true")) @transaction)
