; aws-sdk-go 1 and 2: DynamoDB by the inputs of its calls, each with the name of its table.
; Known misses: batches and transactions, whose tables are the keys of a map; tables of typed wrappers (dynamo, guregu).

((construct of: (_) @_of field[TableName]: [(call argument[0]: (_) @access.target) (name) @access.target (member) @access.target]
  (#is? @_of "github.com/aws/aws-sdk-go-v2/service/dynamodb.GetItemInput" "github.com/aws/aws-sdk-go-v2/service/dynamodb.QueryInput"
     "github.com/aws/aws-sdk-go-v2/service/dynamodb.ScanInput" "github.com/aws/aws-sdk-go/service/dynamodb.GetItemInput"
     "github.com/aws/aws-sdk-go/service/dynamodb.QueryInput" "github.com/aws/aws-sdk-go/service/dynamodb.ScanInput")
  (#set! access.target "key") (#set! operation "select")) @access)
((construct of: (_) @_of field[TableName]: [(call argument[0]: (_) @access.target) (name) @access.target (member) @access.target]
  (#is? @_of "github.com/aws/aws-sdk-go-v2/service/dynamodb.PutItemInput" "github.com/aws/aws-sdk-go/service/dynamodb.PutItemInput")
  (#set! access.target "key") (#set! operation "upsert")) @access)
((construct of: (_) @_of field[TableName]: [(call argument[0]: (_) @access.target) (name) @access.target (member) @access.target]
  (#is? @_of "github.com/aws/aws-sdk-go-v2/service/dynamodb.UpdateItemInput" "github.com/aws/aws-sdk-go/service/dynamodb.UpdateItemInput")
  (#set! access.target "key") (#set! operation "update")) @access)
((construct of: (_) @_of field[TableName]: [(call argument[0]: (_) @access.target) (name) @access.target (member) @access.target]
  (#is? @_of "github.com/aws/aws-sdk-go-v2/service/dynamodb.DeleteItemInput" "github.com/aws/aws-sdk-go/service/dynamodb.DeleteItemInput")
  (#set! access.target "key") (#set! operation "delete")) @access)
((construct of: (_) @_of field[TableName]: [(call argument[0]: (_) @access.target) (name) @access.target (member) @access.target]
  (#is? @_of "github.com/aws/aws-sdk-go-v2/service/dynamodb.CreateTableInput" "github.com/aws/aws-sdk-go-v2/service/dynamodb.DeleteTableInput"
     "github.com/aws/aws-sdk-go/service/dynamodb.CreateTableInput" "github.com/aws/aws-sdk-go/service/dynamodb.DeleteTableInput")
  (#set! access.target "key") (#set! operation "ddl")) @access)
