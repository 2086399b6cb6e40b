; Kafka (kafka-python, aiokafka, confluent-kafka), RabbitMQ (pika, aio-pika, kombu), NATS.
; Known misses: exchanges without routing key; topics chosen at run time.

((call receiver: (_) @_producer method: ["send" "send_and_wait" "produce"]
   [argument[0]: (string) @message.topic keyword[topic]: (string) @message.topic]) @message.publish
  (#type? @_producer "kafka.KafkaProducer" "aiokafka.AIOKafkaProducer" "confluent_kafka.Producer" "confluent_kafka.SerializingProducer")
  (#set! message.broker "kafka"))
((call callee: (_) @_consumer argument[*]: (string) @message.topic) @message.subscribe
  (#is? @_consumer "kafka.KafkaConsumer" "aiokafka.AIOKafkaConsumer")
  (#set! message.broker "kafka"))
((call receiver: (_) @_consumer method: "subscribe"
   [argument[0]: (sequence item[*]: (string) @message.topic) keyword[topics]: (sequence item[*]: (string) @message.topic)]) @message.subscribe
  (#type? @_consumer "kafka.KafkaConsumer" "aiokafka.AIOKafkaConsumer" "confluent_kafka.Consumer" "confluent_kafka.DeserializingConsumer")
  (#set! message.broker "kafka"))

((call method: "basic_publish" keyword[routing_key]: (string) @message.topic) @message.publish
  (#set! message.broker "rabbitmq"))
((call method: "basic_publish" argument[1]: (string) @message.topic) @message.publish
  (#set! message.broker "rabbitmq"))
((call method: "basic_consume" keyword[queue]: (string) @message.topic keyword[on_message_callback]: (_) @message.handler) @message.subscribe
  (#set! message.broker "rabbitmq"))
((call method: "basic_consume" argument[0]: (string) @message.topic argument[1]: (_) @message.handler) @message.subscribe
  (#set! message.broker "rabbitmq"))
((call receiver: (_) @_exchange method: "publish" keyword[routing_key]: (string) @message.topic) @message.publish
  (#type? @_exchange "aio_pika.*" "kombu.*")
  (#set! message.broker "rabbitmq"))
(stub "pika.BlockingConnection.channel" returns: "pika.channel.Channel")

((call receiver: (_) @_nats method: ["publish" "request"] argument[0]: (string) @message.topic) @message.publish
  (#type? @_nats "nats.aio.client.Client" "nats.js.JetStreamContext")
  (#set! message.broker "nats"))
((call receiver: (_) @_nats method: "subscribe" argument[0]: (string) @message.topic keyword[cb]: (_) @message.handler) @message.subscribe
  (#type? @_nats "nats.aio.client.Client" "nats.js.JetStreamContext")
  (#set! message.broker "nats"))
((call receiver: (_) @_nats method: "subscribe" argument[0]: (string) @message.topic) @message.subscribe
  (#type? @_nats "nats.aio.client.Client" "nats.js.JetStreamContext")
  (#set! message.broker "nats"))
(stub "nats.connect" returns: "nats.aio.client.Client")
(stub "nats.NATS" same: "nats.aio.client.Client")
(stub "nats.aio.client.Client.jetstream" returns: "nats.js.JetStreamContext")
