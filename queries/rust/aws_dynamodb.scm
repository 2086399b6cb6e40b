; aws-sdk-dynamodb: calls of the client that name their table.
; Known misses: batches and transactions.

(stub "aws_sdk_dynamodb::client::Client" same: "aws_sdk_dynamodb::Client")
(stub ["aws_sdk_dynamodb::Client::new" "aws_sdk_dynamodb::Client::from_conf"] returns: "aws_sdk_dynamodb::Client")
(stub ["aws_sdk_dynamodb::Client::get_item" "aws_sdk_dynamodb::Client::query" "aws_sdk_dynamodb::Client::scan"] returns: "aws_sdk_dynamodb::Reading")
(stub "aws_sdk_dynamodb::Client::put_item" returns: "aws_sdk_dynamodb::Putting")
(stub "aws_sdk_dynamodb::Client::update_item" returns: "aws_sdk_dynamodb::Updating")
(stub "aws_sdk_dynamodb::Client::delete_item" returns: "aws_sdk_dynamodb::Deleting")
(stub ["aws_sdk_dynamodb::Reading::*" "aws_sdk_dynamodb::Putting::*" "aws_sdk_dynamodb::Updating::*" "aws_sdk_dynamodb::Deleting::*"] returns: self)

(call receiver: (_) @_call method: ["table_name" "set_table_name"] argument[0]: (_) @access.target
  (#type? @_call "aws_sdk_dynamodb::Reading")
  (#set! access.target "key") (#set! operation "select")) @access
(call receiver: (_) @_call method: ["table_name" "set_table_name"] argument[0]: (_) @access.target
  (#type? @_call "aws_sdk_dynamodb::Putting")
  (#set! access.target "key") (#set! operation "upsert")) @access
(call receiver: (_) @_call method: ["table_name" "set_table_name"] argument[0]: (_) @access.target
  (#type? @_call "aws_sdk_dynamodb::Updating")
  (#set! access.target "key") (#set! operation "update")) @access
(call receiver: (_) @_call method: ["table_name" "set_table_name"] argument[0]: (_) @access.target
  (#type? @_call "aws_sdk_dynamodb::Deleting")
  (#set! access.target "key") (#set! operation "delete")) @access
