; Stores behind a web interface: tables of Supabase (PostgREST), collections of Firestore.
; Known misses: functions of the database (`rpc`), collections that a path with a document names, listeners.

(stub ["supabase.create_client" "supabase.create_async_client" "supabase.acreate_client" "supabase.client.create_client"] returns: "supabase.Client")
(stub ["supabase.AsyncClient" "supabase.client.Client" "supabase.client.AsyncClient" "supabase._sync.client.SyncClient" "supabase._async.client.AsyncClient"
       "postgrest.SyncPostgrestClient" "postgrest.AsyncPostgrestClient" "supabase.Client.postgrest" "supabase.Client.schema"] same: "supabase.Client")
(stub ["supabase.Client.table" "supabase.Client.from_"] returns: "supabase.Table" subject: argument[0])
((call receiver: (_) @access.receiver method: _ @access.verb) @access
  (#type? @access.receiver "supabase.Table")
  (#set! access.select "select") (#set! access.insert "insert") (#set! access.upsert "upsert") (#set! access.update "update") (#set! access.delete "delete"))
; A client of unknown type is one by what its chain asks.
((call receiver: (call receiver: (_) @_client method: ["table" "from_"] argument[0]: (string) @access.target) method: ["select" "insert" "upsert" "update" "delete"] @access.verb) @access
  (#type? @_client "supabase.Client")
  (#set! access.target "name") (#set! access.untyped "guess")
  (#set! access.select "select") (#set! access.insert "insert") (#set! access.upsert "upsert") (#set! access.update "update") (#set! access.delete "delete"))

(stub ["google.cloud.firestore.AsyncClient" "google.cloud.firestore_v1.Client" "google.cloud.firestore_v1.AsyncClient" "google.cloud.firestore_v1.client.Client"]
  same: "google.cloud.firestore.Client")
(stub ["firebase_admin.firestore.client" "firebase_admin.firestore_async.client"] returns: "google.cloud.firestore.Client")
(stub ["google.cloud.firestore.Client.collection" "google.cloud.firestore.Client.collection_group" "google.cloud.firestore.Documents.collection"]
  returns: "google.cloud.firestore.Documents" subject: argument[0])
(stub ["google.cloud.firestore.Documents.document" "google.cloud.firestore.Documents.where" "google.cloud.firestore.Documents.order_by"
       "google.cloud.firestore.Documents.limit" "google.cloud.firestore.Documents.start_after" "google.cloud.firestore.Documents.select"] returns: self)
((call receiver: (_) @access.receiver method: _ @access.verb) @access
  (#type? @access.receiver "google.cloud.firestore.Documents")
  (#set! store.kind "collection")
  (#set! access.select "get stream get_all count") (#set! access.insert "add create") (#set! access.upsert "set") (#set! access.update "update")
  (#set! access.delete "delete"))
; Batches and transactions name the document: `batch.set(db.collection("orders").document(id), row)`.
(stub ["google.cloud.firestore.Client.batch" "google.cloud.firestore.Client.transaction"] returns: "google.cloud.firestore.WriteBatch")
((call receiver: (_) @access.receiver method: ["set" "create" "update" "delete" "get"] @access.verb argument[0]: (_) @access.target) @access
  (#type? @access.receiver "google.cloud.firestore.WriteBatch" "google.cloud.firestore.Transaction")
  (#set! store.kind "collection") (#set! access.subject "target")
  (#set! access.select "get") (#set! access.insert "create") (#set! access.upsert "set") (#set! access.update "update") (#set! access.delete "delete"))
