; go.mongodb.org/mongo-driver v1 and v2: collections by name, finders and writers, bulk models, `$lookup` and `$out`,
; sessions. A handle that an object keeps is about what it was made with, also behind a wrapper's own methods and in types
; with a type parameter whose entities say their collection in a tag. Known misses: names that only run time knows.

(stub ["go.mongodb.org/mongo-driver/mongo.Connect" "go.mongodb.org/mongo-driver/mongo.NewClient"]
  returns: "go.mongodb.org/mongo-driver/mongo.Client")
(stub "go.mongodb.org/mongo-driver/mongo.Client.Database" returns: "go.mongodb.org/mongo-driver/mongo.Database")
(stub "go.mongodb.org/mongo-driver/mongo.Collection.Database" returns: "go.mongodb.org/mongo-driver/mongo.Database")
(stub "go.mongodb.org/mongo-driver/mongo.Database.Collection"
  returns: "go.mongodb.org/mongo-driver/mongo.Collection" subject: argument[0])
(stub "go.mongodb.org/mongo-driver/mongo.Collection.Clone" returns: self)
(stub "go.mongodb.org/mongo-driver/mongo.Collection.Indexes" returns: "go.mongodb.org/mongo-driver/mongo.IndexView")
(stub "go.mongodb.org/mongo-driver/mongo.Client.StartSession" returns: "go.mongodb.org/mongo-driver/mongo.Session")
(stub ["go.mongodb.org/mongo-driver/mongo.Collection.Find" "go.mongodb.org/mongo-driver/mongo.Collection.Aggregate"]
  returns: "go.mongodb.org/mongo-driver/mongo.Cursor")
(stub ["go.mongodb.org/mongo-driver/mongo.Collection.FindOne" "go.mongodb.org/mongo-driver/mongo.Collection.FindOneAndUpdate"
       "go.mongodb.org/mongo-driver/mongo.Collection.FindOneAndDelete"
       "go.mongodb.org/mongo-driver/mongo.Collection.FindOneAndReplace"]
  returns: "go.mongodb.org/mongo-driver/mongo.SingleResult")

((call receiver: (_) @access.receiver
       method: ["Find" "FindOne" "CountDocuments" "EstimatedDocumentCount" "Distinct" "Aggregate" "Watch"
                "InsertOne" "InsertMany" "UpdateOne" "UpdateMany" "UpdateByID" "ReplaceOne" "FindOneAndUpdate"
                "FindOneAndReplace" "BulkWrite" "DeleteOne" "DeleteMany" "FindOneAndDelete" "Drop"] @access.verb
  (#type? @access.receiver "go.mongodb.org/mongo-driver/mongo.Collection")
  (#set! access.select "Find FindOne CountDocuments EstimatedDocumentCount Distinct Aggregate Watch")
  (#set! access.insert "InsertOne InsertMany")
  (#set! access.update "UpdateOne UpdateMany UpdateByID ReplaceOne FindOneAndUpdate FindOneAndReplace BulkWrite")
  (#set! access.delete "DeleteOne DeleteMany FindOneAndDelete")
  (#set! access.ddl "Drop")
  (#set! store.kind "collection")) @access)

; Helpers of other modules that are handed the collection and are called like what they run: `mongohelp.FindOne[User](ctx, users, filter)`.
((call callee: (member base: (_) name: ["Find" "FindOne" "FindAll" "FindMany" "FindPage" "FindByID" "Count" "CountDocuments" "Exist" "Exists" "Distinct"
                              "Aggregate" "InsertOne" "InsertMany" "Insert" "UpdateOne" "UpdateMany" "UpdateByID" "ReplaceOne" "FindOneAndUpdate"
                              "FindOneAndReplace" "Upsert" "UpsertOne" "BulkWrite" "DeleteOne" "DeleteMany" "Delete" "FindOneAndDelete"] @access.verb)
       argument[1]: (_) @access.target
  (#type? @access.target "go.mongodb.org/mongo-driver/mongo.Collection")
  (#set! access.select "Find FindOne FindAll FindMany FindPage FindByID Count CountDocuments Exist Exists Distinct Aggregate")
  (#set! access.insert "InsertOne InsertMany Insert")
  (#set! access.update "UpdateOne UpdateMany UpdateByID ReplaceOne FindOneAndUpdate FindOneAndReplace BulkWrite")
  (#set! access.upsert "Upsert UpsertOne")
  (#set! access.delete "DeleteOne DeleteMany Delete FindOneAndDelete")
  (#set! access.foreign) (#set! access.confidence "likely")
  (#set! store.kind "collection")) @access)
((call callee: (member base: (_) name: ["Find" "FindOne" "FindAll" "FindMany" "FindPage" "FindByID" "Count" "CountDocuments" "Exist" "Exists" "Distinct"
                              "Aggregate" "InsertOne" "InsertMany" "Insert" "UpdateOne" "UpdateMany" "UpdateByID" "ReplaceOne" "FindOneAndUpdate"
                              "FindOneAndReplace" "Upsert" "UpsertOne" "BulkWrite" "DeleteOne" "DeleteMany" "Delete" "FindOneAndDelete"] @access.verb)
       argument[0]: (_) @access.target
  (#type? @access.target "go.mongodb.org/mongo-driver/mongo.Collection")
  (#set! access.select "Find FindOne FindAll FindMany FindPage FindByID Count CountDocuments Exist Exists Distinct Aggregate")
  (#set! access.insert "InsertOne InsertMany Insert")
  (#set! access.update "UpdateOne UpdateMany UpdateByID ReplaceOne FindOneAndUpdate FindOneAndReplace BulkWrite")
  (#set! access.upsert "Upsert UpsertOne")
  (#set! access.delete "DeleteOne DeleteMany Delete FindOneAndDelete")
  (#set! access.foreign) (#set! access.confidence "likely")
  (#set! store.kind "collection")) @access)

; Fields that a write gives, and constants that tell documents apart.
((call receiver: (_) @access.receiver method: ["UpdateOne" "UpdateMany" "UpdateByID" "FindOneAndUpdate"] argument[2]: (_) @access.row
  (#type? @access.receiver "go.mongodb.org/mongo-driver/mongo.Collection")
  (#set! operation "columns")
  (#set! row.operators "$set $unset $inc $mul $min $max $push $pushAll $addToSet $pull $pullAll $pop $currentDate $setOnInsert $bit")) @access)
((call receiver: (_) @access.receiver method: ["InsertOne" "InsertMany"] argument[1]: (_) @access.row
  (#type? @access.receiver "go.mongodb.org/mongo-driver/mongo.Collection")
  (#set! operation "columns")) @access)
((call receiver: (_) @access.receiver
       method: ["Find" "FindOne" "CountDocuments" "UpdateOne" "UpdateMany" "FindOneAndUpdate" "DeleteOne" "DeleteMany" "FindOneAndDelete"]
       argument[1]: (_) @access.filter
  (#type? @access.receiver "go.mongodb.org/mongo-driver/mongo.Collection")
  (#set! operation "columns")) @access)

((call receiver: (_) @access.receiver method: ["CreateCollection" "CreateView"] argument[1]: (string) @access.target
  (#type? @access.receiver "go.mongodb.org/mongo-driver/mongo.Database")
  (#set! access.target "name")
  (#set! operation "ddl")
  (#set! store.kind "collection")) @access)

; Indexes belong to the collection.
((call receiver: (call receiver: (_) @access.target method: "Indexes") method: ["CreateOne" "CreateMany" "DropOne" "DropAll"]
  (#type? @access.target "go.mongodb.org/mongo-driver/mongo.Collection")
  (#set! operation "ddl")
  (#set! store.kind "collection")) @access)

; Stages that name other collections, as bson.M and as bson.D.
((construct field["$lookup"]: (construct field[from]: (text) @access.target)
  (#set! access.target "name") (#set! operation "select") (#set! store.kind "collection")) @access)
((construct field["$graphLookup"]: (construct field[from]: (text) @access.target)
  (#set! access.target "name") (#set! operation "select") (#set! store.kind "collection")) @access)
((construct field["$unionWith"]: (construct field[coll]: (text) @access.target)
  (#set! access.target "name") (#set! operation "select") (#set! store.kind "collection")) @access)
((construct field[0]: (text "$lookup") field[1]: (construct field: (construct field[0]: (text "from") field[1]: (text) @access.target))
  (#set! access.target "name") (#set! operation "select") (#set! store.kind "collection")) @access)
((construct field[0]: (text "$out") field[1]: (text) @access.target
  (#set! access.target "name") (#set! operation "insert") (#set! store.kind "collection")) @access)

((call receiver: (_) @_session method: "WithTransaction" argument[1]: (_) @transaction.body
  (#type? @_session "go.mongodb.org/mongo-driver/mongo.Session" "go.mongodb.org/mongo-driver/mongo.SessionContext")) @transaction)
((call receiver: (_) @_session method: "StartTransaction"
  (#type? @_session "go.mongodb.org/mongo-driver/mongo.Session" "go.mongodb.org/mongo-driver/mongo.SessionContext")) @transaction)
((call receiver: (_) @_session method: "CommitTransaction"
  (#type? @_session "go.mongodb.org/mongo-driver/mongo.Session" "go.mongodb.org/mongo-driver/mongo.SessionContext")
  (#set! transaction.end "true")) @transaction)
((call receiver: (_) @_client method: "UseSession" argument[1]: (_)
  (#type? @_client "go.mongodb.org/mongo-driver/mongo.Client")
  (#set! call.runs "argument[1]")) @call)
((construct field["$out"]: (text) @access.target
  (#set! access.target "name") (#set! operation "insert") (#set! store.kind "collection")) @access)
((construct field["$merge"]: (construct field[into]: (text) @access.target)
  (#set! access.target "name") (#set! operation "insert") (#set! store.kind "collection")) @access)

; Documents whose type says in a tag which collection it lies in, and what fields are called there.
((definition kind: "type" attribute: (call callee: (name "collection") argument[0]: (text) @entity.store))
  @definition.entity
  (#match? @entity.store "^[A-Za-z]")
  (#set! entity.shape "true") (#set! store.kind "collection"))
((definition kind: "field" attribute: (call callee: (name "bson") argument[0]: (text) @column.name)) @entity.column
  (#match? @column.name "^[A-Za-z_]"))
