; gocb 2: documents of collections by key. Statements of N1QL are read as SQL.

(stub "github.com/couchbase/gocb.Connect" returns: "github.com/couchbase/gocb.Cluster")
(stub "github.com/couchbase/gocb.Cluster.Bucket" returns: "github.com/couchbase/gocb.Bucket")
(stub ["github.com/couchbase/gocb.Bucket.Scope" "github.com/couchbase/gocb.Bucket.DefaultScope"] returns: "github.com/couchbase/gocb.Scope")
(stub ["github.com/couchbase/gocb.Bucket.Collection" "github.com/couchbase/gocb.Scope.Collection"]
  returns: "github.com/couchbase/gocb.Collection" subject: argument[0])

((call receiver: (_) @access.receiver
       method: ["Get" "GetAndLock" "GetAndTouch" "Exists" "LookupIn" "Insert" "Upsert" "Replace" "MutateIn" "Touch" "Remove"] @access.verb
  (#type? @access.receiver "github.com/couchbase/gocb.Collection")
  (#set! access.select "Get GetAndLock GetAndTouch Exists LookupIn")
  (#set! access.insert "Insert") (#set! access.upsert "Upsert")
  (#set! access.update "Replace MutateIn Touch")
  (#set! access.delete "Remove")
  (#set! store.kind "collection")) @access)
((call receiver: (_) @_scope method: ["Query" "AnalyticsQuery"] argument[0]: (string) @embedded.sql
  (#type? @_scope "github.com/couchbase/gocb.Scope" "github.com/couchbase/gocb.Cluster")))
