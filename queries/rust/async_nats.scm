; async-nats, nats: subjects published, requested and subscribed to; JetStream contexts.
; Known misses: stream and consumer definitions, subjects taken from configuration.

(stub ["async_nats::connect" "async_nats::connect_with_options" "async_nats::ConnectOptions::connect" "nats::connect"]
  returns: "async_nats::Client")
(stub ["async_nats::jetstream::Context" "nats::Connection" "nats::asynk::Connection"] extends: "async_nats::Client")
(stub "async_nats::jetstream::new" returns: "async_nats::jetstream::Context")

(call receiver: (_) @_client
  method: ["publish" "publish_with_headers" "publish_with_reply" "send_publish" "request" "request_with_headers" "send_request"]
  argument[0]: (string) @message.topic
  (#type? @_client "async_nats::Client")
  (#set! message.broker "nats")) @message.publish
(call receiver: (_) @_client method: ["subscribe" "queue_subscribe"] argument[0]: (string) @message.topic
  (#type? @_client "async_nats::Client")
  (#set! message.broker "nats")) @message.subscribe
