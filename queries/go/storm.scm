; github.com/asdine/storm (all majors), records of structs over bbolt: finders, writers, key and value buckets, transactions.
; Known misses: the type that a query of `Select(..)` runs `Each` over.

(stub "github.com/asdine/storm.Open" returns: "github.com/asdine/storm.DB")
(stub ["github.com/asdine/storm.DB" "github.com/asdine/storm.Tx"] extends: "github.com/asdine/storm.Node")
(stub ["github.com/asdine/storm.Node.From" "github.com/asdine/storm.Node.Begin" "github.com/asdine/storm.Node.WithBatch"
       "github.com/asdine/storm.Node.WithCodec" "github.com/asdine/storm.Node.WithTransaction"] returns: "github.com/asdine/storm.Node")
(stub "github.com/asdine/storm.Node.Select" returns: "github.com/asdine/storm.Query")
(stub "github.com/asdine/storm.Query.*" returns: self)

((call receiver: (_) @access.receiver method: ["All" "Count" "Save" "Update" "UpdateField" "DeleteStruct" "Init" "ReIndex" "Drop"] @access.verb
       argument[0]: (_) @access.target
  (#type? @access.receiver "github.com/asdine/storm.Node")
  (#set! access.select "All Count")
  (#set! access.upsert "Save")
  (#set! access.update "Update UpdateField")
  (#set! access.delete "DeleteStruct")
  (#set! access.ddl "Init ReIndex Drop")
  (#set! entity.store "{name}")
  (#set! store.kind "bucket")) @access)
((call receiver: (_) @access.receiver method: ["One" "Find" "Prefix"] argument[2]: (_) @access.target
  (#type? @access.receiver "github.com/asdine/storm.Node")
  (#set! operation "select") (#set! entity.store "{name}") (#set! store.kind "bucket")) @access)
((call receiver: (_) @access.receiver method: "AllByIndex" argument[1]: (_) @access.target
  (#type? @access.receiver "github.com/asdine/storm.Node")
  (#set! operation "select") (#set! entity.store "{name}") (#set! store.kind "bucket")) @access)
((call receiver: (_) @access.receiver method: "Range" argument[3]: (_) @access.target
  (#type? @access.receiver "github.com/asdine/storm.Node")
  (#set! operation "select") (#set! entity.store "{name}") (#set! store.kind "bucket")) @access)
((call receiver: (_) @access.receiver method: ["Find" "First" "Count" "Delete"] @access.verb argument[0]: (_) @access.target
  (#type? @access.receiver "github.com/asdine/storm.Query")
  (#set! access.select "Find First Count")
  (#set! access.delete "Delete")
  (#set! entity.store "{name}") (#set! store.kind "bucket")) @access)

; Buckets of plain keys.
((call receiver: (_) @access.receiver method: ["Get" "KeyExists" "Set"] @access.verb argument[0]: (string) @access.target
  (#type? @access.receiver "github.com/asdine/storm.Node")
  (#set! access.target "name")
  (#set! access.select "Get KeyExists")
  (#set! access.upsert "Set")
  (#set! store.kind "bucket")) @access)
((call receiver: (_) @access.receiver method: "Delete" argument[0]: (string) @access.target argument[1]: (_)
  (#type? @access.receiver "github.com/asdine/storm.Node")
  (#set! access.target "name") (#set! operation "delete") (#set! store.kind "bucket")) @access)

((call receiver: (_) @_db method: "Begin"
  (#type? @_db "github.com/asdine/storm.Node")) @transaction)
((call receiver: (_) @_tx method: ["Commit" "Rollback"]
  (#type? @_tx "github.com/asdine/storm.Node")
  (#set! transaction.end "true")) @transaction)
