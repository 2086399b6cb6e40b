; Kafka: segmentio/kafka-go, IBM (Shopify) sarama, confluent-kafka-go v1 and v2, franz-go.
; Known misses: topics that only configuration knows.

; segmentio
((construct of: (_) @_of field[Topic]: (string) @message.topic
  (#is? @_of "github.com/segmentio/kafka-go.ReaderConfig")
  (#set! message.broker "kafka")) @message.subscribe)
((construct of: (_) @_of field[GroupTopics]: (sequence item[*]: (string) @message.topic)
  (#is? @_of "github.com/segmentio/kafka-go.ReaderConfig")
  (#set! message.broker "kafka")) @message.subscribe)
((construct of: (_) @_of field[Topic]: (string) @message.topic
  (#is? @_of "github.com/segmentio/kafka-go.Writer" "github.com/segmentio/kafka-go.WriterConfig"
             "github.com/segmentio/kafka-go.Message")
  (#set! message.broker "kafka")) @message.publish)

; sarama
((construct of: (_) @_of field[Topic]: (string) @message.topic
  (#is? @_of "github.com/IBM/sarama.ProducerMessage" "github.com/Shopify/sarama.ProducerMessage")
  (#set! message.broker "kafka")) @message.publish)
((call receiver: (_) @_consumer method: "ConsumePartition" argument[0]: (string) @message.topic
  (#type? @_consumer "github.com/IBM/sarama.Consumer" "github.com/Shopify/sarama.Consumer")
  (#set! message.broker "kafka")) @message.subscribe)
((call receiver: (_) @_group method: "Consume" argument[1]: (sequence item[*]: (string) @message.topic)
       argument[2]: (_) @message.handler
  (#type? @_group "github.com/IBM/sarama.ConsumerGroup" "github.com/Shopify/sarama.ConsumerGroup")
  (#set! message.broker "kafka")) @message.subscribe)
(stub ["github.com/IBM/sarama.NewConsumer" "github.com/Shopify/sarama.NewConsumer"] returns: "github.com/IBM/sarama.Consumer")
(stub ["github.com/IBM/sarama.NewConsumerGroup" "github.com/Shopify/sarama.NewConsumerGroup"]
  returns: "github.com/IBM/sarama.ConsumerGroup")
(stub ["github.com/IBM/sarama.NewSyncProducer" "github.com/Shopify/sarama.NewSyncProducer"]
  returns: "github.com/IBM/sarama.SyncProducer")

; confluent
(stub "github.com/confluentinc/confluent-kafka-go/kafka.NewConsumer" returns: "github.com/confluentinc/confluent-kafka-go/kafka.Consumer")
(stub "github.com/confluentinc/confluent-kafka-go/kafka.NewProducer" returns: "github.com/confluentinc/confluent-kafka-go/kafka.Producer")
((construct of: (_) @_of field[TopicPartition]: (construct field[Topic]: (string) @message.topic)
  (#is? @_of "github.com/confluentinc/confluent-kafka-go/kafka.Message")
  (#set! message.broker "kafka")) @message.publish)
((call receiver: (_) @_consumer method: "SubscribeTopics" argument[0]: (sequence item[*]: (string) @message.topic)
  (#type? @_consumer "github.com/confluentinc/confluent-kafka-go/kafka.Consumer")
  (#set! message.broker "kafka")) @message.subscribe)
((call receiver: (_) @_consumer method: "Subscribe" argument[0]: (string) @message.topic
  (#type? @_consumer "github.com/confluentinc/confluent-kafka-go/kafka.Consumer")
  (#set! message.broker "kafka")) @message.subscribe)

; franz-go: a record that is made is produced; what is consumed is said as the client is made.
((construct of: (_) @_of field[Topic]: (string) @message.topic
  (#is? @_of "github.com/twmb/franz-go/pkg/kgo.Record")
  (#set! message.broker "kafka")) @message.publish)
((call callee: (_) @_option argument[0]: (string) @message.topic
  (#is? @_option "github.com/twmb/franz-go/pkg/kgo.DefaultProduceTopic")
  (#set! message.broker "kafka")) @message.publish)
((call callee: (_) @_option argument[*]: (string) @message.topic
  (#is? @_option "github.com/twmb/franz-go/pkg/kgo.ConsumeTopics")
  (#set! message.broker "kafka")) @message.subscribe)
((call receiver: (_) @_client method: "AddConsumeTopics" argument[*]: (string) @message.topic
  (#type? @_client "github.com/twmb/franz-go/pkg/kgo.Client")
  (#set! message.broker "kafka")) @message.subscribe)
(stub "github.com/twmb/franz-go/pkg/kgo.NewClient" returns: "github.com/twmb/franz-go/pkg/kgo.Client")
