; mgo (gopkg.in/mgo.v2, github.com/globalsign/mgo) and what keeps its way of asking: github.com/qiniu/qmgo, github.com/mongodb/anser/db.
; Queries are read where they are run, in chains, by way of variables and parameters; changes, bulks, indexes.
; Known misses: GridFS, `DBRef`, collections that only run time names (told as blind spots).

(stub ["gopkg.in/mgo.v2.Dial" "gopkg.in/mgo.v2.DialWithTimeout" "gopkg.in/mgo.v2.DialWithInfo"
       "gopkg.in/mgo.v2.Session.Clone" "gopkg.in/mgo.v2.Session.Copy" "gopkg.in/mgo.v2.Session.New"]
  returns: "gopkg.in/mgo.v2.Session")
(stub "gopkg.in/mgo.v2.Session.DB" returns: "gopkg.in/mgo.v2.Database")
(stub ["gopkg.in/mgo.v2.Database.With" "gopkg.in/mgo.v2.Collection.With"] returns: self)
(stub "gopkg.in/mgo.v2.Collection.Database" is: "gopkg.in/mgo.v2.Database")
(stub ["gopkg.in/mgo.v2.Database.C" "gopkg.in/mgo.v2.Database.Collection"]
  returns: "gopkg.in/mgo.v2.Collection" subject: argument[0])
(stub ["gopkg.in/mgo.v2.Collection.Find" "gopkg.in/mgo.v2.Collection.FindId" "gopkg.in/mgo.v2.Collection.Pipe"
       "gopkg.in/mgo.v2.Collection.Aggregate"]
  returns: "gopkg.in/mgo.v2.Query")
(stub "gopkg.in/mgo.v2.Query.*" returns: self)
(stub "gopkg.in/mgo.v2.Collection.Bulk" returns: "gopkg.in/mgo.v2.Bulk")
(stub "gopkg.in/mgo.v2.Bulk.*" returns: self)

(stub ["github.com/globalsign/mgo.Dial" "github.com/globalsign/mgo.DialWithTimeout" "github.com/globalsign/mgo.DialWithInfo"]
  returns: "gopkg.in/mgo.v2.Session")
(stub ["github.com/globalsign/mgo.Session" "github.com/mongodb/anser/db.Session"] same: "gopkg.in/mgo.v2.Session")
(stub ["github.com/globalsign/mgo.Database" "github.com/mongodb/anser/db.Database" "github.com/qiniu/qmgo.Database"]
  same: "gopkg.in/mgo.v2.Database")
(stub ["github.com/globalsign/mgo.Collection" "github.com/mongodb/anser/db.Collection" "github.com/qiniu/qmgo.Collection"]
  same: "gopkg.in/mgo.v2.Collection")
(stub ["github.com/globalsign/mgo.Query" "github.com/globalsign/mgo.Pipe" "gopkg.in/mgo.v2.Pipe" "github.com/mongodb/anser/db.Query"
       "github.com/mongodb/anser/db.Results" "github.com/mongodb/anser/db.Aggregation" "github.com/qiniu/qmgo.QueryI"
       "github.com/qiniu/qmgo.AggregateI"]
  same: "gopkg.in/mgo.v2.Query")
(stub ["github.com/globalsign/mgo.Bulk" "github.com/qiniu/qmgo.Bulk"] same: "gopkg.in/mgo.v2.Bulk")
(stub "github.com/mongodb/anser/db.WrapClient" returns: "gopkg.in/mgo.v2.Session")
(stub "github.com/qiniu/qmgo.NewClient" returns: "github.com/qiniu/qmgo.Client")
(stub "github.com/qiniu/qmgo.Client.Database" returns: "gopkg.in/mgo.v2.Database")

((call receiver: (_) @access.receiver
       method: ["One" "All" "Iter" "Cursor" "Count" "EstimatedCount" "Distinct" "For" "Tail" "MapReduce"]
  (#type? @access.receiver "gopkg.in/mgo.v2.Query")
  (#set! operation "select") (#set! store.kind "collection")) @access)
((call receiver: (_) @access.receiver method: "Apply" argument[0]: (_)
  (#type? @access.receiver "gopkg.in/mgo.v2.Query")
  (#set! operation "update") (#set! store.kind "collection")) @access)
((call receiver: (_) @access.receiver
       method: ["Count" "Insert" "InsertOne" "InsertMany" "Update" "UpdateOne" "UpdateId" "UpdateAll" "ReplaceOne" "Upsert" "UpsertId"
                "Remove" "RemoveId" "RemoveAll" "Create" "DropCollection" "EnsureIndex" "EnsureIndexKey" "CreateIndexes" "CreateOneIndex"
                "EnsureIndexes" "DropIndex" "DropIndexName"] @access.verb
  (#type? @access.receiver "gopkg.in/mgo.v2.Collection" "gopkg.in/mgo.v2.Bulk")
  (#set! access.select "Count")
  (#set! access.insert "Insert InsertOne InsertMany")
  (#set! access.update "Update UpdateOne UpdateId UpdateAll ReplaceOne")
  (#set! access.upsert "Upsert UpsertId")
  (#set! access.delete "Remove RemoveId RemoveAll")
  (#set! access.ddl "Create DropCollection EnsureIndex EnsureIndexKey CreateIndexes CreateOneIndex EnsureIndexes DropIndex DropIndexName")
  (#set! store.kind "collection")) @access)

; Fields that a write gives, and constants that tell documents apart.
((call receiver: (_) @access.receiver method: ["Update" "UpdateId" "UpdateAll" "Upsert" "UpsertId"] argument[1]: (_) @access.row
  (#type? @access.receiver "gopkg.in/mgo.v2.Collection")
  (#set! operation "columns")
  (#set! row.operators "$set $unset $inc $mul $min $max $push $pushAll $addToSet $pull $pullAll $pop $currentDate $setOnInsert $bit")) @access)
((call receiver: (_) @access.receiver method: ["Insert"] argument[0]: (_) @access.row
  (#type? @access.receiver "gopkg.in/mgo.v2.Collection")
  (#set! operation "columns")) @access)
