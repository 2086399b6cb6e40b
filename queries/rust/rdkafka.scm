; rdkafka: records by topic, subscriptions.
; Known misses: topics taken from configuration, the raw producer context.

(call callee: (member base: (_) @_record name: ["to" "with_opaque_to"]) argument[0]: (string) @message.topic
  (#is? @_record "rdkafka::producer::FutureRecord" "rdkafka::producer::BaseRecord")
  (#set! message.broker "kafka")) @message.publish
(call receiver: (_) @_consumer method: "subscribe" argument[0]: (sequence item[*]: (string) @message.topic)
  (#type? @_consumer "rdkafka::consumer::Consumer")
  (#set! access.untyped "likely")
  (#set! message.broker "kafka")) @message.subscribe
(stub ["rdkafka::consumer::StreamConsumer" "rdkafka::consumer::BaseConsumer" "rdkafka::consumer::stream_consumer::StreamConsumer"]
  extends: "rdkafka::consumer::Consumer")
