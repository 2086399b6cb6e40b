; boto3 and aioboto3: DynamoDB's tables by name, and calls of its client.
; Known misses: batches and transactions, whose tables are the keys of a mapping.

(stub ["boto3.resource" "boto3.session.Session.resource" "boto3.Session.resource" "aioboto3.Session.resource"] returns: "boto3.Resource")
(stub ["boto3.client" "boto3.session.Session.client" "boto3.Session.client" "aioboto3.Session.client"] returns: "boto3.Client")
(stub ["boto3.Resource.Table" "boto3.Resource.create_table"] returns: "boto3.Table" subject: argument[0])
(stub "boto3.Table.batch_writer" returns: self)

((call receiver: (_) @access.receiver
       method: ["get_item" "query" "scan" "put_item" "update_item" "delete_item"] @access.verb) @access
  (#type? @access.receiver "boto3.Table")
  (#set! access.select "get_item query scan") (#set! access.upsert "put_item") (#set! access.update "update_item") (#set! access.delete "delete_item"))
((call receiver: (_) @_client
       method: ["get_item" "query" "scan" "put_item" "update_item" "delete_item" "create_table" "delete_table"] @access.verb
       keyword[TableName]: (_) @access.target) @access
  (#type? @_client "boto3.Client")
  (#set! access.target "key")
  (#set! access.select "get_item query scan") (#set! access.upsert "put_item") (#set! access.update "update_item") (#set! access.delete "delete_item")
  (#set! access.ddl "create_table delete_table"))
