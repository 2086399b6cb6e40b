; PynamoDB: models with Meta.table_name, queries on the class, rows that save, update, refresh and delete themselves, batches, indexes.
; Known misses: transactions (TransactWrite), table names that are put together at run time, a Meta without a name.

((definition kind: "type" member[Meta]: (definition member[table_name]: (definition value: (text) @entity.store))) @definition.entity
  (#is? @definition.entity "pynamodb.models.Model") (#set! store.kind "collection") (#set! entity.columns "fields"))

(stub "pynamodb.models.Model.get" returns: subject subject: owner)
(stub ["pynamodb.models.Model.query" "pynamodb.models.Model.scan" "pynamodb.models.Model.batch_get"] returns: "pynamodb.pagination.ResultIterator" subject: owner)
(stub "pynamodb.pagination.ResultIterator.[]" returns: subject)
(stub "pynamodb.pagination.ResultIterator.next" returns: subject)
; An index that a class attribute holds is about that class.
(stub "pynamodb.indexes.GlobalSecondaryIndex" is: "pynamodb.indexes.GlobalSecondaryIndex" subject: owner)
(stub "pynamodb.indexes.LocalSecondaryIndex" is: "pynamodb.indexes.LocalSecondaryIndex" subject: owner)
(stub ["pynamodb.indexes.GlobalSecondaryIndex.query" "pynamodb.indexes.GlobalSecondaryIndex.scan"
       "pynamodb.indexes.LocalSecondaryIndex.query" "pynamodb.indexes.LocalSecondaryIndex.scan"] returns: "pynamodb.pagination.ResultIterator")
(stub "pynamodb.models.Model.batch_write" returns: "pynamodb.models.BatchWrite" subject: owner)

((call receiver: (_) @access.target method: _ @access.verb) @access
  (#is? @access.target "pynamodb.models.Model")
  (#set! access.select "get query scan count batch_get")
  (#set! access.ddl "create_table delete_table") (#set! access.told "true"))
((call receiver: (_) @access.target method: _ @access.verb) @access
  (#type? @access.target "pynamodb.models.Model")
  (#set! access.upsert "save") (#set! access.update "update") (#set! access.delete "delete") (#set! access.select "refresh") (#set! access.told "true"))
((call receiver: (_) @access.receiver method: _ @access.verb) @access
  (#type? @access.receiver "pynamodb.models.BatchWrite") (#set! access.upsert "save") (#set! access.delete "delete"))
((call receiver: (_) @access.receiver method: _ @access.verb) @access
  (#type? @access.receiver "pynamodb.indexes.GlobalSecondaryIndex" "pynamodb.indexes.LocalSecondaryIndex") (#set! access.select "query scan count")
  (#set! access.told "true"))
