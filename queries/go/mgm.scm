; github.com/kamva/mgm v2 and v3: models whose collection is called like their type or by a method, collections of a model.
; Known misses: hooks, aggregation stages that its builder makes.

((definition kind: "type" base: (_) @_base
  (#is? @_base "github.com/kamva/mgm.DefaultModel" "github.com/kamva/mgm.IDField")
  (#set! entity.store "{name|snake|plural}") (#set! store.kind "collection")) @definition.entity)
((definition kind: "method" name: "CollectionName" return: (string) @entity.store
  (#set! store.kind "collection")) @definition.entity)

(stub "github.com/kamva/mgm.Coll" returns: "github.com/kamva/mgm.Collection" subject: argument[0])
(stub "github.com/kamva/mgm.CollectionByName" returns: "github.com/kamva/mgm.Collection" subject: argument[0])
(stub "github.com/kamva/mgm.Collection" extends: "go.mongodb.org/mongo-driver/mongo.Collection")

((call receiver: (_) @access.receiver
       method: ["First" "FirstWithCtx" "FindByID" "FindByIDWithCtx" "SimpleFind" "SimpleFindWithCtx" "SimpleAggregate" "SimpleAggregateFirst"
                "SimpleAggregateCursor" "Create" "CreateWithCtx" "Update" "UpdateWithCtx" "Delete" "DeleteWithCtx"] @access.verb
  (#type? @access.receiver "github.com/kamva/mgm.Collection")
  (#set! access.select "First FirstWithCtx FindByID FindByIDWithCtx SimpleFind SimpleFindWithCtx SimpleAggregate SimpleAggregateFirst SimpleAggregateCursor")
  (#set! access.insert "Create CreateWithCtx") (#set! access.update "Update UpdateWithCtx") (#set! access.delete "Delete DeleteWithCtx")
  (#set! store.kind "collection")) @access)
