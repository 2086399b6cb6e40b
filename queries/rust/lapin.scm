; lapin (RabbitMQ): publishing by routing key, consuming by queue.
; Known misses: exchanges bound to queues, keys taken from configuration.

(stub ["lapin::Connection::connect" "lapin::Connection::connect_uri"] returns: "lapin::Connection")
(stub "lapin::Connection::create_channel" returns: "lapin::Channel")

(call receiver: (_) @_channel method: "basic_publish" argument[1]: (string) @message.topic
  (#type? @_channel "lapin::Channel")
  (#set! message.broker "rabbitmq")) @message.publish
(call receiver: (_) @_channel method: ["basic_consume" "basic_get"] argument[0]: (string) @message.topic
  (#type? @_channel "lapin::Channel")
  (#set! message.broker "rabbitmq")) @message.subscribe
