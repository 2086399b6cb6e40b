; RabbitMQ: github.com/rabbitmq/amqp091-go and github.com/streadway/amqp. The topic is the routing key, or the queue.
; Known misses: an empty routing key (fanout) names nothing; bindings are not followed.

(stub "github.com/streadway/amqp.Channel" same: "github.com/rabbitmq/amqp091-go.Channel")
(stub "github.com/streadway/amqp.Connection" same: "github.com/rabbitmq/amqp091-go.Connection")
(stub ["github.com/rabbitmq/amqp091-go.Dial" "github.com/streadway/amqp.Dial" "github.com/rabbitmq/amqp091-go.DialConfig"]
  returns: "github.com/rabbitmq/amqp091-go.Connection")
(stub "github.com/rabbitmq/amqp091-go.Connection.Channel" returns: "github.com/rabbitmq/amqp091-go.Channel")

((call receiver: (_) @_channel method: "Publish" argument[1]: (string) @message.topic
  (#type? @_channel "github.com/rabbitmq/amqp091-go.Channel")
  (#set! message.broker "amqp")) @message.publish)
((call receiver: (_) @_channel method: ["PublishWithContext" "PublishWithDeferredConfirmWithContext"]
       argument[2]: (string) @message.topic
  (#type? @_channel "github.com/rabbitmq/amqp091-go.Channel")
  (#set! message.broker "amqp")) @message.publish)
((call receiver: (_) @_channel method: "Consume" argument[0]: (string) @message.topic
  (#type? @_channel "github.com/rabbitmq/amqp091-go.Channel")
  (#set! message.broker "amqp")) @message.subscribe)
((call receiver: (_) @_channel method: "ConsumeWithContext" argument[1]: (string) @message.topic
  (#type? @_channel "github.com/rabbitmq/amqp091-go.Channel")
  (#set! message.broker "amqp")) @message.subscribe)
