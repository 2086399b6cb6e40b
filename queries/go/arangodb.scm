; ArangoDB's go-driver 1: collections by name and what is done to their documents. What a query of AQL touches is told as not decidable.

(stub ["github.com/arangodb/go-driver.NewClient"] returns: "github.com/arangodb/go-driver.Client")
(stub ["github.com/arangodb/go-driver.Client.Database" "github.com/arangodb/go-driver.Client.CreateDatabase"] returns: "github.com/arangodb/go-driver.Database")
(stub ["github.com/arangodb/go-driver.Database.Collection" "github.com/arangodb/go-driver.Database.CreateCollection"]
  returns: "github.com/arangodb/go-driver.Collection" subject: argument[1])

((call receiver: (_) @access.receiver
       method: ["ReadDocument" "ReadDocuments" "DocumentExists" "Count" "CreateDocument" "CreateDocuments" "ImportDocuments" "UpdateDocument"
                "UpdateDocuments" "ReplaceDocument" "ReplaceDocuments" "RemoveDocument" "RemoveDocuments" "Truncate" "Remove"
                "EnsureHashIndex" "EnsurePersistentIndex" "EnsureTTLIndex" "EnsureSkipListIndex"] @access.verb
  (#type? @access.receiver "github.com/arangodb/go-driver.Collection")
  (#set! access.select "ReadDocument ReadDocuments DocumentExists Count")
  (#set! access.insert "CreateDocument CreateDocuments ImportDocuments")
  (#set! access.update "UpdateDocument UpdateDocuments ReplaceDocument ReplaceDocuments")
  (#set! access.delete "RemoveDocument RemoveDocuments Truncate")
  (#set! access.ddl "Remove EnsureHashIndex EnsurePersistentIndex EnsureTTLIndex EnsureSkipListIndex")
  (#set! store.kind "collection")) @access)
((call receiver: (_) @access.receiver method: ["Query" "ValidateQuery"]
  (#type? @access.receiver "github.com/arangodb/go-driver.Database")
  (#set! operation "select") (#set! store.kind "collection")) @access)
